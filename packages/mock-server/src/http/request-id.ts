const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The id of a request as its answer repeats it, where it can be read. Rules: REQ-2, RES-2. */
export function readRequestId(request: unknown): string | undefined {
  if (!isRecord(request)) return undefined
  const { id } = request
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

/** The type of a request, where it has one. */
export const readRequestType = (request: unknown): string | undefined =>
  isRecord(request) && typeof request['type'] === 'string' ? request['type'] : undefined
