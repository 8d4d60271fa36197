import type { CallEntry } from '../live/journal.ts'
import { baseUrl } from '../live/mock.ts'

/** Quotes a word for a POSIX shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Headers of a connection, or that a client adds by itself. */
const ownHeaders = [
  'host',
  'content-length',
  'connection',
  'accept-encoding',
  'transfer-encoding',
  'expect',
  'x-sendbox-by',
]

const isOwn = (name: string): boolean =>
  ownHeaders.includes(name) || name.startsWith('sec-') || name === 'origin' || name === 'referer'

/** The variable that `sendbox token` exports for a header; never a token itself. */
const variables: Readonly<Record<string, string>> = {
  authorization: 'APP_JWT',
  'x-lp-on-behalf': 'CONSUMER_JWS',
}

const headersOf = ({ headers }: CallEntry): readonly (readonly [string, string])[] =>
  Object.entries(headers).filter(([name]) => !isOwn(name))

const urlOf = ({ path, query }: CallEntry): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, one)
  const text = search.toString()
  return `${path}${text === '' ? '' : `?${text}`}`
}

/** The call as a line of curl; its tokens are those of `sendbox token`. */
export function toCurl(entry: CallEntry): string {
  const headers = headersOf(entry).map(([name, value]) => {
    const variable = variables[name]
    return variable === undefined
      ? `-H ${quote(`${name}: ${value}`)}`
      : `-H "${name}: $${variable}"`
  })
  const body = entry.body === undefined ? [] : [`-d ${quote(JSON.stringify(entry.body))}`]
  return [`curl -X ${entry.method} ${quote(baseUrl + urlOf(entry))}`, ...headers, ...body].join(
    ' \\\n  ',
  )
}

const indent = (text: string, by: string): string => text.replaceAll('\n', `\n${by}`)

/** The call as a test in vitest that expects the answer that it had. */
export function toTest(entry: CallEntry): string {
  const consumer = entry.extConsumerId ?? 'zoe'
  const needsTokens = headersOf(entry).some(([name]) => name in variables)
  const headers = headersOf(entry).map(([name, value]) => {
    const token = { authorization: 'appJwt', 'x-lp-on-behalf': 'consumerJws' }[name]
    return `      ${JSON.stringify(name)}: ${token ?? JSON.stringify(value)},`
  })
  const body =
    entry.body === undefined
      ? []
      : [`    body: JSON.stringify(${indent(JSON.stringify(entry.body, null, 2), '    ')}),`]
  const title = `${entry.operation ?? entry.method} is answered with ${entry.status ?? 'nothing'}`
  // The test has an account of its own.
  const path = urlOf(entry).replace(/(\/account\/)[^/]+/, `$1\${account.accountId}`)
  return [
    `import { test } from '@sendbox/mock-server/vitest'`,
    `import { expect } from 'vitest'`,
    '',
    `test(${JSON.stringify(title)}, async ({ mockServer, account }) => {`,
    ...(needsTokens
      ? [`  const { appJwt, consumerJws } = await account.tokens(${JSON.stringify(consumer)})`]
      : []),
    ...(entry.conversationId === undefined
      ? []
      : [
          `  await account.conversations.open(${JSON.stringify(consumer)}, ${JSON.stringify(entry.conversationId)})`,
        ]),
    `  const response = await fetch(\`\${mockServer.url}${path}\`, {`,
    `    method: ${JSON.stringify(entry.method)},`,
    '    headers: {',
    ...headers,
    '    },',
    ...body,
    '  })',
    `  expect(response.status).toBe(${entry.status ?? 200})`,
    '})',
    '',
  ].join('\n')
}

/** The call as an expectation of `verify`. */
export function toVerify({ operation, types, events, conversationId }: CallEntry): string {
  const match = {
    operation,
    ...(types.length > 0 && { type: types[0] }),
    ...(events.length > 0 && { event: events[0] }),
    ...(conversationId !== undefined && { conversationId }),
  }
  return `await account.requests.verify({ match: ${JSON.stringify(match)}, count: 1 })`
}
