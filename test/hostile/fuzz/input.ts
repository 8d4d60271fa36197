import { gzipSync } from 'node:zlib'
import type { Random } from '../random.ts'

/** Tokens of the mock under test, good and bad, by what they are. */
export interface FuzzTokens {
  readonly appJwt: Readonly<Record<string, string>>
  readonly consumerJws: Readonly<Record<string, string>>
}

/** The client secret of the account, which no answer and no line of the log may show. */
export const clientSecret = 'Kx4-client.secret~of_fuzz'

/** Stands for the good AppJWT in places of no token. */
const tokenName = 'GOOD-APP-JWT'

/** One request, with what its maker knows of it. */
export interface FuzzInput {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const accounts = ['12345678', '__proto__'] as const
export const dialogIds = ['conversation-1', 'conversation-2', 'none', '__proto__'] as const

const hostileValues: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  'x'.repeat(65),
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '#{7*7}',
  "'; DROP TABLE x; --",
  '<script>',
  [],
  {},
  [[[[[[]]]]]],
  ['a', 1, null],
  { __proto__: null, toString: 1, constructor: { prototype: {} } },
  'CLOSE',
  'READ',
  'ContentEvent',
  'GONE',
  clientSecret,
  `see ${clientSecret}`,
  { [clientSecret]: [clientSecret] },
  { client_secret: clientSecret, padding: 'x'.repeat(70), more: clientSecret },
  tokenName,
]

const text = { type: 'ContentEvent', contentType: 'text/plain', message: 'hello' }
const hosted = { relativePath: '/v1/AUTH_async-images/1/a.PNG', fileType: 'PNG', caption: 'c' }
const events: readonly object[] = [
  text,
  text,
  { type: 'ContentEvent', contentType: 'hosted/file', message: hosted },
  { type: 'ChatStateEvent', chatState: 'COMPOSING' },
  { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] },
  { type: 'RichContentEvent', content: { type: 'text', text: 'card' } },
]
const fields: readonly object[] = [
  { field: 'CSATRate', csatRate: 5, csatResolutionConfirmation: true, status: 'FILLED' },
  { field: 'TTRField', ttrType: 'URGENT', value: 60 },
  { field: 'TTRField', ttrType: 'CUSTOM', value: 1 },
]
const closing = { field: 'ConversationStateField', conversationState: 'CLOSE' }

const profile = {
  kind: 'req',
  id: '1',
  type: 'userprofile.SetUserProfile',
  body: { authenticatedData: { lp_sdes: [{ type: 'ctmrinfo', info: { ctype: 'vip' } }] } },
}

function toSendBody(random: Random): unknown {
  const dialogId = random.oneIn(4) ? random.pick(dialogIds) : 'conversation-1'
  const request = { kind: 'req', id: random.pick(['1', '1,', 7]) }
  switch (random.below(8)) {
    case 0: {
      const conversationField = random.oneIn(200) ? closing : random.pick(fields)
      const body = { conversationId: dialogId, conversationField }
      return { ...request, type: 'cm.UpdateConversationField', body }
    }
    case 1:
      return { ...profile, ...request }
    case 2: {
      const body = { fileSize: '100', fileType: 'PNG' }
      return { ...request, type: 'ms.GenerateURLForUploadFile', body }
    }
    case 3: {
      const body = { relativePath: hosted.relativePath }
      return { ...request, type: 'ms.GenerateURLForDownloadFile', body }
    }
    default: {
      const body = { dialogId, event: random.pick(events) }
      const metadata = random.oneIn(5) && { metadata: [{ type: 'ExternalId', id: 'x' }] }
      return { ...request, type: 'ms.PublishEvent', body, ...metadata }
    }
  }
}

const toBatch = (brandId: string): unknown => [
  profile,
  { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: { brandId } },
]

type Tree = Record<string, unknown> | unknown[]

const treesIn = (value: unknown): Tree[] =>
  typeof value === 'object' && value !== null
    ? [value as Tree, ...Object.values(value).flatMap(treesIn)]
    : []

/** A list of one element again and again. */
const listOf = (length: number, random: Random): unknown[] => {
  const element = random.pick(hostileValues)
  return Array.from({ length }, () => element)
}

/** Changes one place of a payload: another value, a missing one, or one too many. */
function damage(payload: unknown, random: Random): unknown {
  const copy: unknown = structuredClone(payload)
  const tree = random.pick(treesIn(copy)) as Record<string, unknown>
  const keys = Object.keys(tree)
  const key = keys.length > 0 && !random.oneIn(5) ? random.pick(keys) : 'extra'
  const kind = random.below(4)
  if (kind === 0) delete tree[key]
  else if (kind === 1) tree[key] = [tree[key]]
  else tree[key] = random.pick(hostileValues)
  return copy
}

function insertList(payload: unknown, random: Random): unknown {
  const list = listOf(random.below(12_000), random)
  const copy: unknown = structuredClone(payload)
  const trees = treesIn(copy)
  if (trees.length === 0) return list
  const tree = random.pick(trees) as Record<string, unknown>
  tree[random.pick([...Object.keys(tree), 'extra'])] = list
  return copy
}

const frames = ['{"a":', '{"__proto__":{"polluted":1},', '[', '"', '\\u', '\u0000', '}', ',', '/*']

/** Changes the bytes of a body. */
function scramble(bytes: Buffer, random: Random): Buffer {
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length + 1))
    case 1: {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[random.below(copy.length)] = random.below(256)
      return copy
    }
    case 2:
      return Buffer.from(random.pick(frames).repeat(random.below(3000)))
    case 3:
      return Buffer.concat([bytes, bytes])
    default: {
      const at = random.below(bytes.length + 1)
      const inserted = Buffer.from(random.pick(frames))
      return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)])
    }
  }
}

function toBody(payload: unknown, random: Random): Buffer {
  let damaged = payload
  while (typeof damaged === 'object' && random.oneIn(2)) damaged = damage(damaged, random)
  // The last change, as another one inside of the list would be one of each element.
  if (random.oneIn(60)) damaged = insertList(damaged, random)
  const bytes = Buffer.from(JSON.stringify(damaged) ?? '')
  return random.oneIn(8) ? scramble(bytes, random) : bytes
}

const insertions = [
  '..',
  '%2e%2e',
  '%00',
  '%',
  '%ff',
  '//',
  '\\',
  ';',
  '%2F',
  'A',
  '?',
  '&v=3',
  clientSecret,
  '#',
]

function damagePath(path: string, random: Random): string {
  const at = 1 + random.below(path.length)
  const cut = random.oneIn(3) ? at + random.below(8) : at
  return `${path.slice(0, at)}${random.pick(insertions)}${path.slice(cut)}`
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']
const contentTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'application/jsonx',
  '*/*',
  '',
]
const oddHeaders: readonly (readonly [string, string])[] = [
  ['Client-Properties', '{"features":["MULTI_DIALOG","__proto__"]}'],
  ['Client-Properties', '{"__proto__":{"features":1}'],
  ['Content-Encoding', 'gzip'],
  ['Content-Encoding', 'x'],
  ['Content-Encoding', 'identity'],
  ['X-Forwarded-For', '1.2.3.4'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Range', 'bytes=0-'],
  ['If-None-Match', '*'],
  ['Cookie', '__proto__=1'],
  ['Origin', 'http://other'],
  ['Authorization', 'Basic eDp5'],
  ['Authorization', `Bearer ${clientSecret}`],
  ['Cookie', `session=${clientSecret}`],
  ['Client-Properties', `{"features":["${clientSecret}"]}`],
]

const often = <Value>(random: Random, usual: Value, others: readonly Value[]): Value =>
  random.oneIn(6) ? random.pick(others) : usual

/** Makes up the next request: mostly one that is almost good. */
export function nextInput(random: Random, tokens: FuzzTokens): FuzzInput {
  const account = often(random, '12345678', accounts)
  const api = `/api/account/${account}`
  const query = often(random, '?v=3', ['', '?v=3.0', '?v=3&v=3', '?v[]=3', '?__proto__=3', '?v=03'])
  const kinds = ['send', 'send', 'send', 'batch', 'consumer', 'token', 'domain', 'file', 'control']
  const kind = random.pick(kinds)
  const plans: Record<string, () => { method: string; path: string; payload?: unknown }> = {
    send: () => ({
      method: 'POST',
      path: `${api}/messaging/consumer/conversation/send${query}`,
      payload: toSendBody(random),
    }),
    batch: () => ({
      method: 'POST',
      path: `${api}/messaging/consumer/conversation${query}`,
      payload: toBatch(account),
    }),
    consumer: () => ({
      method: 'POST',
      path: `${api}/consumer?v=1.0`,
      payload: { ext_consumer_id: 'zoe' },
    }),
    token: () => ({
      method: 'POST',
      path: `/sentinel${api}/app/token?v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=${often(random, clientSecret, ['x', '', '__proto__', `${clientSecret}x`])}`,
      payload: {},
    }),
    domain: () => ({
      method: 'GET',
      path: `${api}/service/${random.pick(['sentinel/', '', '__proto__/'])}baseURI.json?version=1.0`,
    }),
    file: () => ({
      method: random.pick(['GET', 'PUT']),
      path: `/v1/AUTH_async-images/${account}/a.PNG?temp_url_sig=${'0'.repeat(40)}&temp_url_expires=9999999999`,
    }),
    control: () => ({
      method: random.pick(['GET', 'POST']),
      path: `/__sendbox/${random.pick(['health', `accounts/${account}/conversations/conversation-2/agent`, 'jwks.json'])}`,
      payload: { action: random.pick(['say', 'type', 'read']), text: 'hi' },
    }),
  }
  const plan = plans[kind]?.() ?? { method: 'GET', path: '/' }
  const headers: Record<string, string> = {
    Authorization: tokens.appJwt[often(random, 'good', Object.keys(tokens.appJwt))] ?? '',
    'X-LP-ON-BEHALF':
      tokens.consumerJws[often(random, 'good', Object.keys(tokens.consumerJws))] ?? '',
    'Content-Type': often(random, 'application/json', contentTypes),
  }
  if (random.oneIn(8)) delete headers[random.pick(Object.keys(headers))]
  if (random.oneIn(4)) {
    const [name, value] = random.pick(oddHeaders)
    headers[name] = value
  }
  const bytes = toBody(plan.payload, random)
  const good = tokens.appJwt['good'] ?? ''
  const body = bytes.includes(tokenName)
    ? Buffer.from(bytes.toString('latin1').replaceAll(tokenName, good), 'latin1')
    : bytes
  const isPacked = headers['Content-Encoding'] === 'gzip' && random.oneIn(2)
  return {
    method: often(random, plan.method, random.oneIn(2) ? methods : [plan.method]),
    path: random.oneIn(8) ? damagePath(plan.path, random).replaceAll(/[\s#]/g, '') : plan.path,
    headers,
    body: isPacked ? gzipSync(body) : body,
  }
}

/** The size of a heavy input's list, in bytes of JSON; a body may have 1 MiB. */
const heavyBytes = 900_000

const heavyElements: readonly unknown[] = [
  1,
  null,
  'x',
  'ContentEvent',
  {},
  [],
  [[]],
  { a: 1 },
  text,
]

/** Fields that the service reads as lists, whose elements it checks one by one. */
const listNames = new Set(['metadata', 'lp_sdes', 'sequenceList', 'conversationField'])

/** Replaces one place of a payload, often one of a list, by a list, or an object, of nearly 1 MB. */
function swell(payload: unknown, random: Random): unknown {
  const element = random.pick(heavyElements)
  const isList = !random.oneIn(4)
  const length = heavyBytes / (JSON.stringify(element).length + (isList ? 1 : 12))
  const elements = Array.from({ length }, () => element)
  const swollen = isList
    ? elements
    : Object.fromEntries(elements.map((value, index) => [`k${index}`, value]))
  const copy: unknown = structuredClone(payload)
  const places = treesIn(copy).flatMap(tree =>
    [...Object.keys(tree), ...(Array.isArray(tree) ? [] : ['metadata'])].map(
      key => [tree as Record<string, unknown>, key] as const,
    ),
  )
  const lists = places.filter(([, key]) => listNames.has(key))
  const [tree, key] = random.pick(random.oneIn(3) ? places : lists)
  tree[key] = swollen
  return random.oneIn(8) ? swollen : copy
}

/** Makes up a request whose body has nearly as many values as 1 MB has room for. */
export function nextHeavyInput(random: Random, tokens: FuzzTokens): FuzzInput {
  const account = '/api/account/12345678'
  const control = '/__sendbox/accounts/12345678'
  const send = `${account}/messaging/consumer/conversation`
  const plans = [
    { path: `${send}/send?v=3`, payload: toSendBody(random) },
    { path: `${send}/send?v=3`, payload: toSendBody(random) },
    { path: `${send}?v=3`, payload: toBatch('12345678') },
    { path: `${account}/consumer?v=1.0`, payload: { ext_consumer_id: 'zoe' } },
    { path: `${account}/login?v=1.3`, payload: { username: 'zoe', password: 'x' } },
    { path: `${control}/faults`, payload: { match: { operation: 'send' }, status: 503 } },
    { path: `${control}/verify`, payload: { match: { operation: 'send' }, count: 1 } },
    { path: `${control}/tokens`, payload: { consumer: 'zoe' } },
  ]
  const { path, payload } = random.pick(plans)
  const isAuthorized = !random.oneIn(4)
  return {
    method: 'POST',
    path,
    headers: {
      ...(isAuthorized && {
        Authorization: tokens.appJwt['good'] ?? '',
        'X-LP-ON-BEHALF': tokens.consumerJws['good'] ?? '',
      }),
      'Content-Type': 'application/json',
    },
    body: Buffer.from(JSON.stringify(swell(payload, random))),
  }
}
