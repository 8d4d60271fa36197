import { expect, test } from 'vitest'
import { AppInstallChangeSchema, AppInstalls } from '../../../src/accounts/app-installs.ts'
import { checkInput } from '../../../src/parse-input.ts'

const type = 'ms.MessagingEventNotification.ContentEvent'

const manifest = (endpoint: string) => ({ capabilities: { webhooks: { [type]: { endpoint } } } })

test.each([
  'http://127.0.0.1:8080/in',
  'http://[::1]/',
  'http://localhost:3000',
  'http://10.1.2.3/',
  'http://172.31.0.1/',
  'http://192.168.1.1/',
  'http://[fd00::1]/',
  'http://connector:3000/in',
  'http://host.docker.internal/in',
  'https://example.com/in',
])('takes the endpoint %s [WH-13]', endpoint => {
  expect(checkInput(AppInstallChangeSchema, manifest(endpoint)).ok).toBe(true)
})

test.each([
  'http://example.com/in',
  'http://8.8.8.8/',
  'http://172.32.0.1/',
  'http://[2001:db8::1]/',
])('refuses the endpoint %s, which production would refuse [WH-13]', endpoint => {
  const path = `/capabilities/webhooks/${type}`
  const expected = 'an endpoint with https; http only goes to loopback and the local network'
  const received = JSON.stringify({ endpoint })
  const message = `${path}: expected ${expected}, received ${received}`
  expect(checkInput(AppInstallChangeSchema, manifest(endpoint))).toEqual({
    ok: false,
    refusal: [{ path, expected, received, message }],
  })
})

test('shows no user name and password of an endpoint that it refuses', () => {
  const accounts = { '1': { installs: [manifest('http://me:hush@example.com/in')] } }
  const refuse = (): unknown => new AppInstalls(accounts)
  expect(refuse).toThrow('received {"endpoint":"http://<redacted>@example.com/in"')
  expect(refuse).not.toThrow('hush')
})
