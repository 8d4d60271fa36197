import { isRecord } from '@sendbox/schema'
import { parse } from 'lossless-json'

/** In characters: the library takes some 80 ms for a million, so the ids of a longer body have the digits that JSON's numbers have. */
const maxTextLength = 131_072

/** A number in JSON that is not written as JavaScript writes it: 16 digits or more, a fraction, an exponent, −0. */
const otherwiseWritten = /[\s:]-?(?:\d{16}|\d+[.Ee])|[\s:]-0/

const requestsOf = (payload: unknown): readonly unknown[] =>
  Array.isArray(payload) ? payload : [payload]

const idOf = (request: unknown): unknown => (isRecord(request) ? request['id'] : undefined)

const lastOfDuplicates = ({ newValue }: { newValue: unknown }): unknown => newValue

const readWritten = (text: string): readonly unknown[] =>
  requestsOf(
    parse(text, undefined, {
      parseNumber: written => written,
      onDuplicateKey: lastOfDuplicates,
    }),
  ).map(idOf)

/**
 * The id of each request of a payload as its sender wrote it in `text`, the JSON of the payload; `undefined` where an id is neither text nor
 * a number. Rules: REQ-2, RES-2.
 */
export function readRequestIds(payload: unknown, text: string): readonly (string | undefined)[] {
  const ids = requestsOf(payload).map(idOf)
  const isOtherwise =
    ids.some(id => typeof id === 'number') &&
    text.length <= maxTextLength &&
    otherwiseWritten.test(text)
  const written = isOtherwise ? readWritten(text) : ids
  return ids.map((id, index) => {
    if (typeof id === 'string') return id
    const asWritten = written[index]
    return typeof id !== 'number'
      ? undefined
      : typeof asWritten === 'string'
        ? asWritten
        : String(id)
  })
}

const isInfinite = (id: unknown): boolean => typeof id === 'number' && !Number.isFinite(id)

/** The payload with ids that are numbers to a schema: to JavaScript an integer of more than 308 digits is none. Rule: RES-2. */
export function withFiniteIds(payload: unknown): unknown {
  if (!requestsOf(payload).map(idOf).some(isInfinite)) return payload
  const replace = (request: unknown): unknown =>
    isInfinite(idOf(request)) ? { ...(request as object), id: Number.MAX_VALUE } : request
  return Array.isArray(payload) ? payload.map(replace) : replace(payload)
}
