import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, test } from 'vitest'
import { createApp } from '../../../src/index.ts'

/** Asks an app for a ConsumerJWS of nobody, with an AppJWT that is none. */
async function askForConsumer(app: RequestListener): Promise<{ status: number; answer: unknown }> {
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/api/account/1/consumer`, {
    method: 'POST',
    headers: { Authorization: 'none', 'Content-Type': 'application/json', Connection: 'close' },
    body: '{"ext_consumer_id":"zoe"}',
  })
  const answer: unknown = await response.json()
  server.close()
  return { status: response.status, answer }
}

test('an app that is mounted in another one answers as it does alone', async () => {
  const alone = await askForConsumer(createApp())
  expect(alone.status).toBe(401)
  expect(await askForConsumer(express().use(createApp()))).toEqual(alone)
})

test('an app that is mounted behind a body parser says that it must stand ahead of it', async () => {
  const failures: string[] = []
  const app = createApp({ reportError: ({ message }) => failures.push(message) })
  const { status, answer } = await askForConsumer(express().use(express.json(), app))
  const message = 'The body was parsed before: mount createApp() ahead of express.json()'
  expect(status).toBe(500)
  expect(answer).toMatchObject({ body: { details: expect.stringContaining(message) } })
  expect(failures).toEqual([message])
})
