import { type Operation, type OperationId, operations } from '@sendbox/schema'

/** Matches the URL of an operation as clients write it, its query to the letter and its account id free of escapes, and gives the account id. */
export function toUsualUrl(id: OperationId): RegExp {
  const { path, query }: Operation = operations[id]
  const url = `${path}?${new URLSearchParams(query).toString()}`
  const pattern = url.replaceAll(/[.?]/g, '\\$&').replace('{accountId}', '([\\w.~-]+)')
  return new RegExp(`^${pattern}$`)
}
