import { nearestWord, type Operation, operations } from '@sendbox/schema'
import { isSecretName, minSecretLength, redacted, redactSecrets, redactText } from './secrets.ts'

type OneOrMore = string | string[]

/** Headers whose values are shown: they say how a call or its response was made, and authorize nothing. */
const shownHeaders: ReadonlySet<string> = new Set(
  `accept accept-charset accept-encoding accept-language access-control-allow-headers access-control-allow-methods
  access-control-allow-origin access-control-expose-headers access-control-max-age access-control-request-headers
  access-control-request-method age allow cache-control client-properties connection content-encoding
  content-language content-length content-range content-type date expect host keep-alive max-forwards origin pragma range retry-after
  sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user te traceparent trailer transfer-encoding upgrade user-agent vary
  www-authenticate x-sendbox-by x-sendbox-evidence x-sendbox-fault x-sendbox-hint x-sendbox-rules`.split(
    /\s+/,
  ),
)

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Redacts a header that holds JSON, such as `Client-Properties`, by its values. Rule: REQ-8. */
function redactHeaderValue(value: string, secrets: readonly string[]): string {
  const json = value.startsWith('{') ? parseJson(value) : undefined
  return json === undefined
    ? redactText(value, secrets)
    : JSON.stringify(redactSecrets(json, secrets))
}

/** Redacts the values of all headers but those that are known to hold no secret. */
export const redactHeaders = (
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      redactText(name, secrets),
      shownHeaders.has(name.toLowerCase()) ? redactHeaderValue(value, secrets) : redacted,
    ]),
  )

const table: readonly Operation[] = Object.values(operations)

/** Parameters of query and form whose values are shown. */
const shownParameters: ReadonlySet<string> = new Set([
  ...table.flatMap(({ query }) => Object.keys(query)),
  'client_id',
  'temp_url_expires',
])

/** A secret that came without a name is read as a name without a value. */
const isShownName = (name: string, value: string): boolean =>
  name.length < minSecretLength ||
  shownParameters.has(name) ||
  (value !== '' && /^[a-z][\w.-]{0,39}$/i.test(name))

const redactParameter = (name: string, value: string, secrets: readonly string[]): string => {
  if (shownParameters.has(name)) return redactText(value, secrets)
  return value.length < minSecretLength && !isSecretName(name) ? value : redacted
}

const redactParameters = (text: string, secrets: readonly string[]): [string, string][] =>
  [...new URLSearchParams(text)].map(([name, value]) => [
    isShownName(name, value) ? redactText(name, secrets) : redacted,
    redactParameter(name, value, secrets),
  ])

/** Decodes a query; redacts the values of all parameters but those that are known to hold no secret, and are not short. */
export function redactQuery(search: string, secrets: readonly string[]): Record<string, OneOrMore> {
  const query = new Map<string, OneOrMore>()
  for (const [name, value] of redactParameters(search, secrets)) {
    const known = query.get(name)
    query.set(name, known === undefined ? value : [known, value].flat())
  }
  return Object.fromEntries(query)
}

const encode = (text: string): string =>
  text === redacted ? text : new URLSearchParams([['', text]]).toString().slice(1)

/** Redacts a form as {@link redactQuery} does a query. */
const redactForm = (text: string, secrets: readonly string[]): string =>
  redactParameters(text, secrets)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')

const isForm = (contentType: string): boolean =>
  contentType.startsWith('application/x-www-form-urlencoded')

/** Whether a body of this type is recorded as text where it is not valid JSON. */
export const isTextType = (contentType: string): boolean =>
  isForm(contentType) || /^application\/(?:[\w.-]+\+)?json/.test(contentType)

/** Redacts the beginning of a body that was not read as JSON, by its values where it is JSON; `undefined` if it is neither a form nor nearly JSON. */
export function redactBodyText(
  text: string,
  contentType: string,
  secrets: readonly string[],
): string | undefined {
  if (isForm(contentType)) return redactForm(text, secrets)
  if (!isTextType(contentType) || !/^\s*["[{]/.test(text)) return undefined
  const json = parseJson(text)
  const shown = JSON.stringify(redactSecrets(json, secrets))
  return shown === JSON.stringify(json) ? redactText(text, secrets) : shown
}

/** Words of the paths of the operations, and of the services beside them. Rule: EP-8. */
const pathWords: readonly string[] = [
  ...new Set(
    table
      .flatMap(({ path, aliases = [] }) => [path, ...aliases])
      .flatMap(path => path.split('/'))
      .filter(segment => !segment.includes('{'))
      .concat('ws_api', 'csdr', 'configuration', 'le-users', 'users', 'skills', 'login'),
  ),
]

/** The segment after these is the id of an account. */
const isBeforeAccount = (segment: string | undefined): boolean =>
  segment === 'account' || segment === 'AUTH_async-images'

/** Redacts the segments of a path of no operation, but an account's id and the words of known paths, also misspelt ones. */
export const redactPath = (path: string, secrets: readonly string[]): string =>
  redactText(path, secrets)
    .split('/')
    .map((segment, index, segments) =>
      segment.length < minSecretLength ||
      isBeforeAccount(segments[index - 1]) ||
      nearestWord(segment, pathWords) !== undefined
        ? segment
        : redacted,
    )
    .join('/')
