import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { controlOperations } from '../../packages/mock-server/src/control/operations.ts'
import { type ControlSession, startControlSession } from '../command/control-session.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { controlExamples } from './control-examples.ts'
import { type ControlTranscript, createControlPage, toCurl } from './control-page.ts'
import { curlIsMissing } from './curl.ts'

/** The parts of an answer that differ from mock to mock, by their form, and their names on the page. */
const replacements: readonly (readonly [RegExp, string])[] = [
  [/"appJwt":"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"/g, '"appJwt":"<AppJWT>"'],
  [/"consumerJws":"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+"/g, '"consumerJws":"<ConsumerJWS>"'],
  [/"version":"\d+\.\d+\.\d+(?:-[\w.]+)?"/g, '"version":"<version>"'],
  [/"durationMs":\d+(?:\.\d+)?/g, '"durationMs":"<ms>"'],
  [/^id: [\w-]{8}-(\d+)$/gm, 'id: <run>-$1'],
  [/^(\w+_seconds_bucket\{.*\}) [01]$/gm, '$1 <count>'],
  [/^(\w+_seconds_sum\{.*\}) 0\.\d+(?:e-\d+)?$/gm, '$1 <seconds>'],
]

/** The text as the page has it: with the addresses of the docs, and without what differs. */
const toStable = (text: string, { url, endpoint }: ControlSession): string =>
  replacements.reduce(
    (replaced, [form, name]) => replaced.replaceAll(form, name),
    text.replaceAll(url, 'http://127.0.0.1:4020').replaceAll(endpoint, 'http://127.0.0.1:4021/'),
  )

/** The response that a line printed, the last one where it makes two calls. */
function parseResponse(output: string) {
  const responses = output.split(/^(?=HTTP\/1\.1 \d)/m)
  const [head = '', ...body] = (responses.at(-1) ?? '').split('\r\n\r\n')
  const [, status] = /^HTTP\/1\.1 (\d+)/.exec(head) ?? []
  const [, mediaType = ''] = /^content-type: ([^;\r\n]*)/im.exec(head) ?? []
  return { status: Number(status), mediaType, text: body.join('\r\n\r\n') }
}

/** Runs a line of the page; of a stream until its first event. */
async function runLine(
  curl: string,
  { url, accountId }: ControlSession,
  folder: string,
  meanwhile?: () => unknown,
): Promise<string> {
  const child = spawn('sh', ['-c', meanwhile ? `exec ${curl}` : curl], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CURL_HOME: folder,
      URL: url,
      ACCOUNT: `${url}/__sendbox/accounts/${accountId}`,
      JSON: 'Content-Type: application/json',
    },
  })
  const closed = once(child, 'close')
  let output = ''
  let isOpen = false
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk
    if (meanwhile === undefined) continue
    if (!isOpen && output.includes('\r\n\r\n')) {
      isOpen = true
      await meanwhile()
    }
    if (/^data: .*\n\n/m.test(output)) child.kill()
  }
  await closed
  return output
}

test('docs/control-api.md has the calls of the control API, each with an example and its answer', async ({
  skip,
}) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  const startMs = Date.parse('2026-01-05T09:00:00Z')
  await using session = await startControlSession('12345678', () => startMs)
  await using folder = await createTemporaryFolder()
  await writeFile(join(folder.path, '.curlrc'), 'dump-header = -\n')
  const byId = new Map(controlOperations.map(operation => [operation.id, operation]))
  const transcripts = new Map<string, ControlTranscript>()
  for (const [id, [example]] of Object.entries(controlExamples)) {
    const operation = byId.get(id)
    const request = await example?.(session)
    if (operation === undefined || request === undefined) throw new Error(`${id} has no example`)
    const curl = toCurl(operation, request)
    const output = await runLine(curl, session, folder.path, request.meanwhile)
    const response = parseResponse(output)
    expect([curl, response.status]).toEqual([curl, request.status])
    const text = toStable(response.text, session)
    transcripts.set(id, { operation, curl, ...response, text })
  }
  const all = controlOperations.flatMap(({ id }) => transcripts.get(id) ?? [])
  await expect(createControlPage(all)).toMatchFileSnapshot('../../docs/control-api.md')
})
