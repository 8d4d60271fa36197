import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createWebhookHandler } from '@sendbox/client'
import { verifyWebhook } from '@sendbox/schema/signature'
import { expect, test } from 'vitest'
import { fenceOf } from './fence-of.ts'

const page = 'docs/webhooks.md'
const secret = 'mock-client-secret'

const readVectors = async (): Promise<string[]> => {
  const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8')
  return [...text.matchAll(/`(sha(?:1|256)=[^`]+)`/g)].map(([, vector = '']) => vector)
}

const readBody = async (): Promise<Buffer> => Buffer.from((await fenceOf('text', page)).trimEnd())

test('the vectors of the page on webhooks are those of its body, in all four forms (WH-3)', async () => {
  const body = await readBody()
  const forms = (['sha1', 'sha256'] as const).flatMap(algorithm =>
    (['base64', 'hex'] as const).map(
      encoding => `${algorithm}=${createHmac(algorithm, secret).update(body).digest(encoding)}`,
    ),
  )
  expect(await readVectors()).toEqual(forms)
  const text = await readFile(new URL(`../../${page}`, import.meta.url), 'utf8')
  expect(text).toContain(`these ${body.byteLength} bytes`)
})

test('a receiver accepts each vector of the page on webhooks (WH-3)', async () => {
  const body = await readBody()
  await using webhooks = createWebhookHandler({
    clientSecret: secret,
    on: {},
    onError: error => expect.fail(String(error)),
  })
  for (const signature of await readVectors()) {
    expect(verifyWebhook(body, secret, signature)).toBe(true)
    const headers = {
      'x-liveperson-account-id': '12345678',
      'x-liveperson-client-id': 'client-1',
      'x-liveperson-signature': signature,
    }
    expect(await webhooks.receive({ headers, body })).toHaveProperty('status', 200)
  }
})
