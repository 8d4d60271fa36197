import { expect, test } from 'vitest'
import { startMockServer } from '../../../src/index.ts'
import { call, startConsumerSession } from '../consumer-session.ts'

/** A mock with files of an agent; `ask` follows the link of the transcript's entry with this number. */
async function startWithFiles(files: readonly (readonly [fileType: string, bytes: string])[]) {
  const server = await startMockServer()
  const { conversations, agent, accountId } = server.account()
  const { conversationId } = await conversations.open('zoe')
  for (const [fileType, bytes] of files)
    await agent(conversationId).sendFile({ fileType, bytes: Buffer.from(bytes) })
  const view = await conversations.get(conversationId)
  const links = view?.dialogs[0]?.transcript.map(({ file }) => file) ?? []
  return {
    server,
    accountId,
    links,
    ask: async (index: number) => {
      const response = await fetch(server.url + (links[index] ?? ''))
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

test('the link of a transcript leads to the bytes of the file, with its type and without a token', async () => {
  const types = [
    ['PNG', 'image/png', 'inline'],
    ['JPG', 'image/jpeg', 'inline'],
    ['jpeg', 'image/jpeg', 'inline'],
    ['GIF', 'image/gif', 'inline'],
    ['PDF', 'application/pdf', 'attachment'],
    ['TXT', 'text/plain', 'attachment'],
    ['SVG', 'application/octet-stream', 'attachment'],
    ['html', 'application/octet-stream', 'attachment'],
    ['constructor', 'application/octet-stream', 'attachment'],
  ] as const
  await using world = await startWithFiles(types.map(([type]) => [type, `a ${type}`]))
  for (const [index, [type, contentType, disposition]] of types.entries()) {
    const { status, headers, text } = await world.ask(index)
    const [given = ''] = (headers.get('content-disposition') ?? '').split(';')
    expect([status, text, headers.get('content-type'), given]).toEqual([
      200,
      `a ${type}`,
      contentType,
      disposition,
    ])
  }
})

test('a hostile file does nothing where it is opened', async () => {
  const page = '<script>fetch("/__sendbox/reset", {method: "POST"})</script>'
  await using world = await startWithFiles([['PNG', page]])
  const { headers, text } = await world.ask(0)
  expect(text).toBe(page)
  expect(headers.get('content-type')).toBe('image/png')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

test('a file that a consumer sends has a link too, and a text has none', async () => {
  await using session = await startConsumerSession()
  const { server, accountId, conversationId, publish } = session
  const folder = `/v1/AUTH_async-images/${accountId}/`
  const file = (relativePath: string) => ({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath, fileType: 'PNG' },
  })
  await publish(file(`${folder}a b#.PNG`))
  await publish({ type: 'ContentEvent', contentType: 'text/plain', message: 'hi' })
  await publish(file('/elsewhere/c.PNG'))
  const view = await server.account().conversations.get(conversationId)
  expect(view?.dialogs[0]?.transcript.map(entry => entry.file)).toEqual([
    `/__sendbox/accounts/${accountId}/files/a%20b%23.PNG`,
    undefined,
    `/__sendbox/accounts/${accountId}/files/%2Felsewhere%2Fc.PNG`,
  ])
})

test('a file that is elsewhere than in the folder of its account is found by its whole path', async () => {
  await using server = await startMockServer()
  const response = await fetch(`${server.url}/__sendbox/provider-states`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      state: 'a file was uploaded',
      params: { relativePath: '/elsewhere/it\'s "mine".JPG' },
    }),
  })
  expect(response.status).toBe(200)
  const path = encodeURIComponent('/elsewhere/it\'s "mine".JPG')
  const file = await fetch(`${server.url}/__sendbox/accounts/12345678/files/${path}`)
  expect([file.status, await file.text(), file.headers.get('content-disposition')]).toEqual([
    200,
    'a file',
    "inline; filename*=UTF-8''it%27s%20%22mine%22.JPG",
  ])
})

test('a file that the account does not have is 404, also where another account has it', async () => {
  await using world = await startWithFiles([['PNG', 'a file']])
  const [link = ''] = world.links
  const other = link.replace('/accounts/12345678/', '/accounts/other/')
  const fileId = link.split('/').at(-1) ?? ''
  const answer = await call(world.server.url + other)
  expect([answer.status, answer.json]).toEqual([
    404,
    {
      title: 'Not Found',
      details: `Account other has no file ${fileId}: it was not uploaded, or newer ones took its place; GET /__sendbox/accounts/other/snapshot lists the files that the account has`,
      errorCode: 40454,
    },
  ])
  const above = await fetch(
    `${world.server.url}/__sendbox/accounts/other/files/..%2F12345678%2F${fileId}`,
  )
  expect(above.status).toBe(404)
})

test('an empty file is answered as such', async () => {
  await using world = await startWithFiles([['PNG', '']])
  const { status, headers, text } = await world.ask(0)
  expect([status, headers.get('content-length'), text]).toEqual([200, '0', ''])
})
