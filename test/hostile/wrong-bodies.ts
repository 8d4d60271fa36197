import { gzipSync } from 'node:zlib'
import { accountId, conversationId, toPublish, toText } from './session.ts'

/** A call whose body is wrong throughout. */
export interface WrongBody {
  readonly name: string
  readonly method: 'POST' | 'PUT'
  readonly path: string
  /** Compressed where `encoding` says so. */
  readonly body: string | Uint8Array
  readonly encoding?: 'gzip'
  /** Whether it is sent with valid tokens. */
  readonly isAuthorized?: boolean
  /** The status of its response. */
  readonly status: number
}

const conversationPath = `/api/account/${accountId}/messaging/consumer/conversation`
const control = `/__sendbox/accounts/${accountId}`

const listOf = (count: number, element: string): string => `[${Array(count).fill(element).join()}]`

/** As many elements as 1 MB has room for. */
const megabyteOf = (element: string): string =>
  listOf(Math.floor(1_000_000 / (element.length + 1)), element)

/** Almost as many elements as a body may have. */
const mostOf = (element: string): string => listOf(9_900, element)

const toUpdate = (fields: string): string =>
  `{"id":"1","type":"cm.UpdateConversationField","body":{"conversationId":"${conversationId}","conversationField":${fields}}}`

const toReceipt = (numbers: string): string =>
  toPublish(`{"type":"AcceptStatusEvent","status":"READ","sequenceList":${numbers}}`)

const toProfile = (sdes: string): string =>
  `{"id":"1","type":"userprofile.SetUserProfile","body":{"authenticatedData":{"lp_sdes":${sdes}}}}`

const toSnapshot = (fields: string): string =>
  `{"format":"sendbox-snapshot","version":1,"accountId":"${accountId}",${fields}}`

const toSends = (listed: (element: string) => string): readonly (readonly [string, string])[] => [
  ...['1', '{}', '[]'].map(
    element => [`metadata [${element},…]`, toText('x', `,"metadata":${listed(element)}`)] as const,
  ),
  ['lp_sdes [1,…]', toProfile(listed('1'))],
  ['conversationField [1,…]', toUpdate(listed('1'))],
  ['conversationField [{},…]', toUpdate(listed('{}'))],
  ['sequenceList [[],…]', toReceipt(listed('[]'))],
]

const toCalls = (isAuthorized: boolean, listed: (element: string) => string): WrongBody[] => {
  const how = isAuthorized ? 'with tokens, 9,900 elements' : 'without tokens, 1 MB'
  const rest = { method: 'POST', isAuthorized, status: isAuthorized ? 400 : 401 } as const
  return [
    ...toSends(listed).map(([name, body]) => ({
      ...rest,
      name: `SEND ${how}: ${name}`,
      path: `${conversationPath}/send?v=3`,
      body,
    })),
    {
      ...rest,
      name: `CONVERSATION ${how}: [{},…]`,
      path: `${conversationPath}?v=3`,
      body: listed('{}'),
    },
  ]
}

const toControl = (name: string, path: string, body: string, status: number): WrongBody => ({
  name: `${path === 'faults' ? 'POST' : 'PUT'} ${path}: ${name}`,
  method: path === 'faults' ? 'POST' : 'PUT',
  path: `${control}/${path}`,
  body,
  status,
})

/** Creates the worst bodies that are known, those of a snapshot last. */
export const createWrongBodies = (): readonly WrongBody[] => [
  ...toCalls(false, megabyteOf),
  ...toCalls(true, mostOf),
  toControl('1 MB of [1,…]', 'faults', megabyteOf('1'), 413),
  toControl('1 MB of rules [{},…]', 'bot', `{"rules":${megabyteOf('{}')}}`, 413),
  toControl('9,900 rules [{},…]', 'bot', `{"rules":${mostOf('{}')}}`, 400),
  ...[
    ['conversations', '1'],
    ['files', '{}'],
  ].map(([name = '', element = '']) =>
    toControl(
      `1 MB of ${name} [${element},…]`,
      'snapshot',
      toSnapshot(`"${name}":${megabyteOf(element)}`),
      400,
    ),
  ),
  {
    ...toControl('120 KB of gzip, 120 MB of [', 'snapshot', '', 400),
    body: gzipSync(Buffer.alloc(120_000_000, '[')),
    encoding: 'gzip',
  },
]

/** The tokens of a consumer, as the control API answers them. */
export interface Tokens {
  readonly appJwt: string
  readonly consumerJws: string
}

/** Sends a body that is wrong; resolves with the status once the response is read. */
export async function sendWrong(
  url: string,
  { method, path, body, encoding, isAuthorized = false }: WrongBody,
  { appJwt, consumerJws }: Tokens,
): Promise<number> {
  const response = await fetch(url + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(encoding && { 'Content-Encoding': encoding }),
      ...(isAuthorized && { Authorization: appJwt, 'X-LP-ON-BEHALF': consumerJws }),
    },
    body,
  })
  await response.arrayBuffer()
  return response.status
}
