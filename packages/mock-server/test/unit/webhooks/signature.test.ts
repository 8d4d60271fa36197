import { signWebhook } from '@sendbox/schema/signature'
import { expect, test } from 'vitest'
import { toSignatureView } from '../../../src/webhooks/delivery.ts'

const body = '{"text":"caf\u00e9"}'
const install = { clientSecret: 'secret-1' }
const sha256Hex = { signature: 'sha256', signatureEncoding: 'hex' } as const

const attemptOf = (signature?: string) => ({
  attempt: 1,
  at: 0,
  outcome: 500,
  durationMs: 1,
  ...(signature !== undefined && { headers: { 'x-liveperson-signature': signature } }),
})

test('before an attempt the form is that of the settings', () => {
  expect(toSignatureView({ attempts: [], body }, install, sha256Hex)).toEqual({
    algorithm: 'sha256',
    encoding: 'hex',
    bodyBytes: 16,
    sent: null,
    expected: signWebhook(body, 'secret-1', 'sha256', 'hex'),
  })
})

test.each([
  ['sha1', 'base64'],
  ['sha1', 'hex'],
  ['sha256', 'base64'],
  ['sha256', 'hex'],
] as const)(
  'what was sent as %s in %s is compared in that form, whatever the settings are now',
  (algorithm, encoding) => {
    const sent = signWebhook(body, 'secret-1', algorithm, encoding)
    const view = toSignatureView({ attempts: [attemptOf(sent)], body }, install, sha256Hex)
    expect(view).toEqual({ algorithm, encoding, bodyBytes: 16, sent, expected: sent })
  },
)

test('an attempt with another secret shows, and one that a fault simulated sent nothing', () => {
  const sent = signWebhook(body, 'secret-0')
  const attempts = [attemptOf('sha1=older'), attemptOf(sent), attemptOf()]
  expect(toSignatureView({ attempts, body }, install, sha256Hex)).toMatchObject({
    sent,
    expected: signWebhook(body, 'secret-1'),
  })
  expect(toSignatureView({ attempts, body }, undefined, sha256Hex)).toMatchObject({
    expected: null,
  })
})
