import { operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { startConsumerSession } from '../consumer-session.ts'

const origin = 'https://connector.example'

/** A preflight as browsers send it. */
const preflight = (url: string, method: string, asked?: string) =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': method,
      ...(asked && { 'Access-Control-Request-Headers': asked }),
    },
  })

/** The CORS headers of a response, and those that it names allowed. */
const corsOf = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => /^access-control-|^allow$/.test(name)))

const readable = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' }

const domainApiOf = ({ url }: MockServer) =>
  `${url}${toPath(operations.baseUris.path, { accountId: '12345678' })}?version=1.0`

/** Where a consumer uploads a file, and downloads it. */
async function askForFileUrls({
  server,
  send,
}: Awaited<ReturnType<typeof startConsumerSession>>): Promise<{
  upload: string
  download: string
}> {
  const ask = async (type: 'Upload' | 'Download', body: unknown) => {
    const answer = await send({ id: '1', type: `ms.GenerateURLFor${type}File`, body })
    const { relativePath, queryParams } = operations.send.responses[200].parse(answer.json)
      .body as { relativePath: string; queryParams: Record<string, string> }
    const query = new URLSearchParams(queryParams).toString()
    return { relativePath, url: `${server.url}${relativePath}?${query}` }
  }
  const { relativePath, url } = await ask('Upload', { fileSize: 4, fileType: 'PNG' })
  return { upload: url, download: (await ask('Download', { relativePath })).url }
}

test('a browser uploads and downloads a file: preflight, PUT, GET [EP-17.1]', async () => {
  await using session = await startConsumerSession()
  const { upload, download } = await askForFileUrls(session)
  const allowed = await preflight(upload, 'PUT', 'content-type,x-own')
  expect([allowed.status, await allowed.text(), corsOf(allowed)]).toEqual([
    200,
    '',
    {
      allow: 'PUT, GET, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'PUT, GET, OPTIONS',
      'access-control-allow-headers': 'content-type,x-own',
      'access-control-max-age': '600',
    },
  ])
  expect(allowed.headers.get('x-sendbox-rules')).toBe('EP-17.1')
  const stored = await fetch(upload, { method: 'PUT', body: 'abcd', headers: { Origin: origin } })
  expect([stored.status, corsOf(stored)]).toEqual([201, readable])
  expect(stored.headers.get('x-sendbox-rules')).toBe('EP-15, EP-16, EP-17.1')
  const loaded = await fetch(download, { headers: { Origin: origin } })
  expect([loaded.status, corsOf(loaded), await loaded.text()]).toEqual([200, readable, 'abcd'])
})

test('a page reads why storage refuses it, by signature, method, fault and file [EP-17.1]', async () => {
  await using session = await startConsumerSession()
  const { upload, download } = await askForFileUrls(session)
  const { faults } = session.server.account()
  faults.add({ match: { operation: 'upload' }, action: { status: 503 }, times: 1 })
  const ask = (url: string, method: string) => fetch(url, { method, headers: { Origin: origin } })
  const refusals = [
    await ask(upload, 'PUT'),
    await ask(download, 'PUT'),
    await ask(download, 'GET'),
    await ask(upload, 'DELETE'),
  ]
  expect(refusals.map(({ status }) => status)).toEqual([503, 401, 404, 405])
  for (const refusal of refusals) expect(corsOf(refusal)).toMatchObject(readable)
  expect(refusals[3]?.headers.get('allow')).toBe('PUT, GET, OPTIONS')
})

test('a page reads the Domain API, preflight or not, also where it refuses [EP-17.2]', async () => {
  await using server = await startMockServer()
  const url = domainApiOf(server)
  expect(corsOf(await preflight(url, 'GET'))).toEqual({
    allow: 'GET, OPTIONS',
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, OPTIONS',
    'access-control-max-age': '600',
  })
  for (const [target, status] of [
    [url, 200],
    [url.replace('/baseURI.json', '/idp/baseURI.json'), 200],
    [url.replace('=1.0', '=2.0'), 400],
  ] as const) {
    const answer = await fetch(target, { headers: { Origin: origin } })
    expect([answer.status, corsOf(answer)]).toEqual([status, readable])
    expect(answer.headers.get('x-sendbox-rules')).toContain('EP-17.2')
  }
})

test('where the evidence of the Domain API is too weak, pages cannot read it, and programs can [EP-17.2, RES-9]', async () => {
  await using server = await startMockServer({ settings: { minEvidence: 'recorded' } })
  const url = domainApiOf(server)
  const refused = await preflight(url, 'GET')
  expect([refused.status, corsOf(refused)]).toEqual([501, {}])
  expect(refused.headers.get('x-sendbox-hint')).toContain('EP-17.2')
  const page = await fetch(url, { headers: { Origin: origin } })
  expect([page.status, corsOf(page)]).toEqual([501, {}])
  expect((await fetch(url)).status).toBe(200)
})

test('a program gets no CORS headers, and OPTIONS names the methods [EP-17.1, EP-17.2]', async () => {
  await using session = await startConsumerSession()
  const { upload } = await askForFileUrls(session)
  for (const [url, method] of [
    [domainApiOf(session.server), 'GET'],
    [upload, 'PUT'],
  ] as const) {
    const answer = await fetch(url, { method })
    expect([answer.ok, corsOf(answer)]).toEqual([true, {}])
    expect(answer.headers.get('x-sendbox-rules')).not.toContain('EP-17')
    const options = await fetch(url, { method: 'OPTIONS' })
    expect([options.status, corsOf(options)['allow']]).toEqual([
      200,
      `${method === 'PUT' ? 'PUT, ' : ''}GET, OPTIONS`,
    ])
  }
})

test('tokens, SEND and the control API have no CORS, and refuse a preflight', async () => {
  await using server = await startMockServer()
  const guarded = [
    ...(['send', 'conversation', 'appToken', 'consumer', 'agentLogin'] as const).map(id =>
      toPath(operations[id].path, { accountId: '1' }),
    ),
    '/__sendbox/accounts',
    '/__sendbox/openapi.json',
  ]
  for (const path of guarded) {
    const refused = await preflight(`${server.url}${path}`, 'POST', 'content-type')
    expect([path, refused.status, corsOf(refused)]).toEqual([path, 403, {}])
    const program = await fetch(`${server.url}${path}`, { method: 'OPTIONS' })
    expect([path, program.status]).toEqual([path, 405])
    expect(program.headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('the journal shows a preflight with its headers, as a call of no operation [EP-17.1]', async () => {
  await using session = await startConsumerSession()
  const { upload } = await askForFileUrls(session)
  await preflight(upload, 'PUT', 'content-type')
  await fetch(upload, { method: 'PUT', body: 'abcd', headers: { Origin: origin } })
  const { requests } = session.server.account()
  requests.verify({ match: { operation: 'upload' }, count: 1 })
  const [asked, stored] = requests.list().slice(-2)
  expect(asked).toMatchObject({ method: 'OPTIONS', status: 200, rules: ['EP-17.1'] })
  expect(asked?.operation).toBe(null)
  expect(asked?.headers).toMatchObject({ 'access-control-request-headers': 'content-type' })
  expect(asked?.answer?.headers).toMatchObject({
    'Access-Control-Allow-Methods': 'PUT, GET, OPTIONS',
    'Access-Control-Allow-Headers': 'content-type',
  })
  expect(stored?.answer?.headers).toMatchObject({ 'Access-Control-Allow-Origin': '*' })
})
