import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as mockServer from '@sendbox/mock-server'
import * as control from '@sendbox/mock-server/control'
import { expect, test } from 'vitest'
import { curlIsMissing } from './curl.ts'
import { runExample } from './doc-examples.ts'
import { fenceOf } from './fence-of.ts'

const page = 'docs/events.md'

test('the JavaScript of docs/events.md prints what its comment says', async () => {
  const { logged, promised } = await runExample(await fenceOf('ts', page), {
    ...mockServer,
    ...control,
  })
  expect([logged.length, logged]).toEqual([1, promised])
})

test('the line of curl in docs/events.md shows a call as it comes', async ({ skip }) => {
  skip(curlIsMissing !== undefined, curlIsMissing)
  await using server = await mockServer.startMockServer()
  const [line = ''] = (await fenceOf('sh', page)).match(/^curl .*$/m) ?? []
  const curl = line.replace('http://127.0.0.1:4020', server.url)
  const child = spawn('sh', ['-c', `exec ${curl.replace('curl', 'curl -s -D -')}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let output = ''
  let isOpen = false
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    output += chunk
    if (!isOpen && output.includes('\r\n\r\n')) {
      isOpen = true
      await fetch(`${server.url}/api/account/12345678/no/such`)
    }
    if (/^data: .*\n\n/m.test(output)) child.kill()
  }
  await closed
  const [, event, data = ''] = /^event: (.*)\ndata: (.*)$/m.exec(output) ?? []
  expect([event, JSON.parse(data)]).toMatchObject(['call', { operation: null, status: 501 }])
})
