import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startMockServer } from '@sendbox/mock-server'
import { expect, onTestFinished, test } from 'vitest'
import { curlIsMissing } from './curl.ts'
import { fenceOf, fencesOf } from './fence-of.ts'

/** A port on which nothing listens. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function run(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code]: unknown[] = await once(child, 'close')
  const output = Buffer.concat(chunks).toString()
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}:\n${output}`)
  return output
}

test('the round trip with curl gives what the rules say', async ({ skip }) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  await using server = await startMockServer()
  const fence = (await fenceOf('sh', 'docs/round-trip.md')).replace(
    'http://127.0.0.1:4020',
    server.url,
  )
  const lines = (await run('sh', ['-c', fence])).trimEnd().split('\n')
  expect(lines).toHaveLength(12)
  expect(lines[0]).toContain('"service":"asyncMessagingEnt"')
  const sequence = (reqId: string, value: number) =>
    `{"reqId":"${reqId}","code":"OK","body":{"sequence":${value}}}`
  expect(lines.slice(1, 8)).toEqual([
    sequence('1', 0),
    sequence('2', 0),
    sequence('3', 1),
    'HTTP 201',
    sequence('5', 2),
    '{"sequence":3}',
    '{}',
  ])
  expect(JSON.parse(lines[8] ?? '')).toMatchObject({
    state: 'CLOSE',
    stage: 'OPEN',
    dialogs: [
      { dialogType: 'MAIN', state: 'CLOSE', nextSequence: 4 },
      { dialogType: 'POST_SURVEY', state: 'OPEN' },
    ],
  })
  expect(lines[9]).toBe(sequence('6', 0))
  expect(lines[10]).toBe(
    '{"reqId":"7","code":"OK","body":{"msg":"OK Conversation resolved successfully"}}',
  )
  expect(JSON.parse(lines[11] ?? '')).toMatchObject({ reqId: '8', code: 400 })
})

test('the first ten minutes of the README go as they say', async ({ skip }) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  await using server = await startMockServer()
  const fence = (await fenceOf('sh'))
    .replace('http://127.0.0.1:4020', server.url)
    .replaceAll('4021', String(await findFreePort()))
  const output = await run('sh', [
    '-c',
    `cd '${fileURLToPath(new URL('../..', import.meta.url))}'\n${fence}`,
  ])
  const [, sent = '', rest = ''] = /^([\s\S]*?)(\{"sequence":1\}\n[\s\S]*)$/.exec(output) ?? []
  expect(sent).toContain('HTTP 200')
  expect(sent).toContain('"sequence": 0')
  expect(sent).toContain('SEQ-1   documented')
  const lines = rest
    .trimEnd()
    .split('\n')
    .filter(line => !line.startsWith('npm warn'))
  expect(lines).toHaveLength(15)
  // The agent's second text and the receiver's line come in either order.
  const [webhook, said] = lines.slice(1, 3).toSorted((one, other) => other.length - one.length)
  expect([said, webhook]).toEqual([
    '{"sequence":2}',
    expect.stringMatching(/^sha1=\S+= \{.*"message":"Are you still there\?"/),
  ])
  expect(JSON.parse(lines[3] ?? '')).toMatchObject({
    deliveries: [{ state: 'delivered', attempts: [{ outcome: 200 }] }],
  })
  expect(JSON.parse(lines[4] ?? '')).toMatchObject({ faultId: 'fault-1', remaining: 1 })
  expect(lines[5]).toMatch(/^No answer from http:/)
  expect(lines[6]).toBe('it has no answer')
  expect(JSON.parse(lines[7] ?? '')).toMatchObject({
    requests: [
      { status: 200, fault: { delivery: 'lost' }, answer: { body: { body: { sequence: 3 } } } },
    ],
  })
  expect(JSON.parse(lines[8] ?? '')).toMatchObject({ ok: true, matched: 2 })
  expect(JSON.parse(lines[9] ?? '')).toMatchObject({ ok: false, matched: 0 })
  expect(lines.slice(10, 13)).toEqual(['200', '', 'sendbox: the mock saw 1 call: baseUris 1'])
  expect(JSON.parse(lines[13] ?? '')).toMatchObject({ frozen: true })
  expect(lines[14]).toBe('200')
  expect(Math.abs(server.account().clock.now() - Date.now())).toBeLessThan(3_600_000)
})

test.each<[language: string, readme: string, expected: RegExp]>([
  ['ts', 'README.md', /^\{ sequence: 0 \}\n\[\n {2}\{\n {4}sequence: 0,/],
  ['js', 'README.md', /^\{ status: 'ok' \}\n$/],
  [
    'ts',
    'packages/schema/README.md',
    /did you mean "COMPOSING".*\nPOST \/api\/.*\ndocumented\n\{[\s\S]*maxLength: 64/,
  ],
  ['ts', 'packages/mock-server/README.md', /^eyJ/],
  ['ts', 'packages/client/README.md', /^API_ERROR false Sending ms\.PublishEvent failed: POST/],
])('the %s examples of %s run', async (language, readme, expected) => {
  await using server = await startMockServer()
  const folder = new URL(`./.generated/${readme}-${language}/`, import.meta.url)
  await mkdir(folder, { recursive: true })
  onTestFinished(() => rm(folder, { recursive: true }))
  const tsx = ['--conditions=@sendbox/source', '--import', import.meta.resolve('tsx')]
  let output = ''
  for (const [index, example] of (await fencesOf(language, readme)).entries()) {
    const file = fileURLToPath(new URL(`example-${index}.${language}`, folder))
    await writeFile(file, example.replace('http://127.0.0.1:4020', server.url))
    output += await run(process.execPath, [...tsx, file])
  }
  expect(output).toMatch(expected)
})
