import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectMockServer } from '@sendbox/mock-server/control'
import { AppTokenResponseSchema, operations, toPath } from '@sendbox/schema'
import { expect, onTestFinished, test } from 'vitest'
import { fenceOf } from '../docs/fence-of.ts'
import { linesOf, npmStartIn, ready, urlIn } from './npm-start.ts'

/** A folder of the user's, outside of the workspace, with a config file in it. */
async function createFolder(config: string): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'sendbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'sendbox.json'), config)
  return folder
}

async function askAppJwt(url: string, client_id: string, client_secret: string): Promise<string> {
  const { path, query } = operations.appToken
  const search = new URLSearchParams({ ...query, client_id, client_secret }).toString()
  const answer = await fetch(`${url}${toPath(path, { accountId: '12345678' })}?${search}`, {
    method: 'POST',
  })
  return AppTokenResponseSchema.parse(await answer.json()).access_token
}

test('npm start takes the config file of the README, from the folder of the user', async () => {
  const readme = 'packages/mock-server/README.md'
  const folder = await createFolder(await fenceOf('json', readme))
  await using started = npmStartIn({ folder }, '--port', '0', '--config', 'sendbox.json')
  const output = await started.until(ready)
  const url = urlIn(output)
  expect(output).toMatch(/client id my-connector, client secret my-secret\n/)
  expect(await askAppJwt(url, 'another-connector', 'sendbox-secret')).toMatch(/^eyJ/)
  const install = await fetch(`${url}/__sendbox/accounts/12345678/app-install`)
  expect(await install.json()).toEqual({
    clientId: 'my-connector',
    clientSecret: '<redacted>',
    capabilities: {
      webhooks: {
        'ms.MessagingEventNotification.ContentEvent': {
          endpoint: 'http://127.0.0.1:8080/content',
          max_retries: 3,
        },
      },
    },
  })
  const { path, query } = operations.baseUris
  const search = new URLSearchParams(query).toString()
  const unknown = await fetch(`${url}${toPath(path, { accountId: '404' })}?${search}`)
  expect(unknown.status).toBe(401)
})

/** Sends a file that only the mode `as-service` accepts: a fileType in another letter case. Rule: PUB-4. */
async function statusOfToleratedFile(output: string): Promise<number> {
  const account = connectMockServer(urlIn(output)).account('12345678')
  const { appJwt, consumerJws } = await account.tokens('zoe')
  const { path, query } = operations.send
  const search = new URLSearchParams(query).toString()
  const url = `${urlIn(output)}${toPath(path, { accountId: '12345678' })}?${search}`
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: appJwt,
      'X-LP-ON-BEHALF': consumerJws,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify({
      id: '1',
      type: 'ms.GenerateURLForUploadFile',
      body: { fileSize: 1, fileType: 'png' },
    }),
  })
  return answer.status
}

test('npm start is in the mode that the file has', async () => {
  const folder = await createFolder('{"port": 0, "settings": {"mode": "strict"}}')
  await using started = npmStartIn({ folder }, '--config', 'sendbox.json')
  expect(await statusOfToleratedFile(await started.until(ready))).toBe(400)
})

test('npm start listens where the file says, and a flag wins over it', async () => {
  const folder = await createFolder('{"port": 0, "host": "203.0.113.1"}')
  await using refused = npmStartIn({ folder }, '--config', 'sendbox.json')
  expect(await refused.closed).toEqual([1, null])
  expect(linesOf(refused)).toEqual([
    '203.0.113.1 is no address of this machine. Choose another: --host 127.0.0.1',
  ])
  await using started = npmStartIn({ folder }, '--config', 'sendbox.json', '--host', '127.0.0.1')
  expect(urlIn(await started.until(ready))).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
})

test('npm start says what is wrong with a config file, and exits with 1', async () => {
  const folder = await createFolder('{"prot": 4020}')
  await using started = npmStartIn({ folder }, '--config', './sendbox.json')
  expect(await started.closed).toEqual([1, null])
  expect(linesOf(started)).toEqual([
    `The config file ${join(folder, 'sendbox.json')} is not valid:`,
    '  /prot: expected no such field, received 4020 (did you mean "port"?)',
  ])
})
