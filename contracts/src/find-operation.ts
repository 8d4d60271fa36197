import { type Operation, type OperationId, operations } from '@sendbox/schema'
import { fieldsIn } from './json.ts'

const toPattern = (template: string): RegExp =>
  new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`)

const patterns = Object.entries<Operation>(operations).flatMap(([id, operation]) =>
  [operation.path, ...(operation.aliases ?? [])].map(path => ({
    id: id as OperationId,
    method: operation.method,
    pattern: toPattern(path),
  })),
)

/** The operation of a call, by its method and path; a query is ignored. */
export function findOperation(method: string, path: string): OperationId | undefined {
  const [pathname = ''] = path.split('?')
  return patterns.find(known => known.method === method && known.pattern.test(pathname))?.id
}

/** The account in a path. */
export function findAccountId(path: string): string | undefined {
  const [, segment] = /\/account\/([^/?]+)/.exec(path) ?? []
  return segment === undefined ? undefined : decodeURIComponent(segment)
}

/** The first error code in the JSON of a response. */
export function findErrorCode(json: unknown): number | undefined {
  for (const [name, value] of fieldsIn(json))
    if (name === 'errorCode' && typeof value === 'number') return value
  return undefined
}

/** The rules that a mock names in a response. Rule: RES-9. */
export const rulesIn = (headers: Readonly<Record<string, string>>): string[] =>
  (headers['x-sendbox-rules'] ?? '').split(/[\s,]+/).filter(rule => rule !== '')
