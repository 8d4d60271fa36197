import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { isRecord, type Operation, operations, type RuleId, ruleById } from '@sendbox/schema'
import { rulesIn } from '../find-operation.ts'
import { parseJson } from '../json.ts'
import type { CallStep } from '../traces/trace.ts'
import type { ValueBinder } from './bind-values.ts'
import type { RecordedCall } from './check-call.ts'

type Pattern = NonNullable<CallStep['body']>

const jsonAt = (json: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), json)

/** The title of a step: the type of its request, and of its event or field. */
export function toTitle({ operationId, request }: RecordedCall): string {
  const json = parseJson(request.bytes)
  if (operationId === 'conversation')
    return `A batch${Array.isArray(json) ? ` of ${json.length}` : ''}`
  if (operationId !== 'send') return operationId
  const subject =
    jsonAt(json, 'body', 'event', 'type') ?? jsonAt(json, 'body', 'conversationField', 'field')
  return (
    [jsonAt(json, 'type'), subject].filter(part => typeof part === 'string').join(' ') || 'send'
  )
}

/** The rules of the operation, and those that a mock names. Rule: RES-9. */
function rulesOfCall({ operationId, response }: RecordedCall): RuleId[] {
  const named = rulesIn(response.headers).filter((rule): rule is RuleId =>
    ruleById.has(rule as RuleId),
  )
  return [...new Set([...operations[operationId].rules, ...named])]
}

/** Bytes as text; their hash replaces bytes that are not UTF-8. */
const toText = (bytes: Buffer): string =>
  isUtf8(bytes) ? bytes.toString() : `bytes ${createHash('sha256').update(bytes).digest('hex')}`

/** The value of a parameter that the operation has not may be a token, and is left out. */
function toQuery({ operationId, request }: RecordedCall, binder: ValueBinder): CallStep['query'] {
  const { query: usual, queryParameters = [] }: Operation = operations[operationId]
  const isShown = (name: string) => Object.hasOwn(usual, name) || queryParameters.includes(name)
  const given = Object.fromEntries(new URL(request.path, 'http://localhost').searchParams)
  const other = Object.entries(given).filter(([name, value]) => usual[name] !== value)
  const missing = Object.keys(usual).filter(name => !Object.hasOwn(given, name))
  if (other.length + missing.length === 0) return undefined
  return Object.fromEntries([
    ...other.map(([name, value]) => [name, isShown(name) ? binder.toPattern(value) : '<redacted>']),
    ...missing.map(name => [name, null]),
  ])
}

const isFile = ({ operationId }: RecordedCall): boolean =>
  operationId === 'upload' || operationId === 'download'

function toPath({ request }: RecordedCall, binder: ValueBinder): Pattern {
  const path = decodeURIComponent(request.path.split('?')[0] ?? '')
  const known = [path, path.replace(/^\/\//, '/')].find(text => binder.isBound(text))
  return binder.toPattern(known ?? path) as Pattern
}

function toHeaders({ operationId, request }: RecordedCall): CallStep['headers'] {
  const { contentType: usual = '' }: Operation = operations[operationId]
  const { 'client-properties': properties, 'content-type': contentType = '' } = request.headers
  const headers = {
    ...(properties !== undefined && { 'Client-Properties': properties }),
    ...(usual === 'application/json' &&
      !contentType.toLowerCase().startsWith(usual) && { 'content-type': contentType }),
  }
  return Object.keys(headers).length === 0 ? undefined : headers
}

function toBody({ operationId, request }: RecordedCall, binder: ValueBinder): Pattern | undefined {
  if (request.bytes.length === 0) return operationId === 'download' ? undefined : ''
  const json = operationId === 'upload' ? undefined : parseJson(request.bytes)
  return (json === undefined ? toText(request.bytes) : binder.toPattern(json)) as Pattern
}

function toResponse(
  { operationId, response }: RecordedCall,
  binder: ValueBinder,
): CallStep['answer'] {
  const { responses }: Operation = operations[operationId]
  const { status, bytes } = response
  if (responses[status] === 'bytes') return { status, text: toText(bytes) }
  const json = parseJson(bytes)
  return json === undefined ? { status } : { status, body: binder.toPattern(json) as Pattern }
}

/** Converts a call to a step; binds the ids in its response, and replaces bound values by variables. */
export function toStep(
  call: RecordedCall,
  {
    binder,
    caller,
    source,
    problems,
  }: {
    readonly binder: ValueBinder
    readonly caller: Pick<CallStep, 'consumer' | 'appJwt' | 'consumerJws'>
    readonly source: string
    readonly problems: readonly string[]
  },
): CallStep {
  binder.learn(parseJson(call.response.bytes))
  const headers = toHeaders(call)
  const query = toQuery(call, binder)
  const body = toBody(call, binder)
  return {
    do: 'call',
    title: toTitle(call),
    rules: rulesOfCall(call),
    source,
    evidence: 'recorded',
    ...(problems.length > 0 && { problems: [...problems] }),
    operation: call.operationId,
    ...caller,
    ...(headers && { headers }),
    ...(isFile(call) && { path: toPath(call, binder) }),
    ...(query && { query }),
    ...(body !== undefined && { body }),
    answer: toResponse(call, binder),
  }
}
