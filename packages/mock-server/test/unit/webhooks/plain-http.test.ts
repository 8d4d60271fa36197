import { expect, test } from 'vitest'
import {
  AppInstallChangeSchema,
  AppInstalls,
  InstallSnapshotSchema,
} from '../../../src/accounts/app-installs.ts'
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

test.each([
  'http://169.254.169.254/latest',
  'https://169.254.169.254/latest',
  'https://[fe80::1]/',
  'http://metadata/',
  'https://metadata.google.internal/',
  'https://[fd00:ec2::254]/',
])(
  'refuses the endpoint %s, link-local or a metadata service, in a snapshot too [WH-13]',
  endpoint => {
    const expected = 'an endpoint that is neither link-local nor a metadata service'
    const refusal = [{ path: `/capabilities/webhooks/${type}`, expected }]
    expect(checkInput(AppInstallChangeSchema, manifest(endpoint))).toMatchObject({ refusal })
    const snapshot = { clientId: 'a', ...manifest(endpoint) }
    expect(checkInput(InstallSnapshotSchema, snapshot)).toMatchObject({ refusal })
  },
)

test('refuses the endpoint of a snapshot that the manifest may not have either [WH-13]', () => {
  const snapshot = { clientId: 'a', ...manifest('http://0.0.0.0:1/') }
  expect(checkInput(InstallSnapshotSchema, snapshot).ok).toBe(false)
})

const withHeader = (header_name: string, header_value: string) => ({
  capabilities: {
    webhooks: {
      [type]: { endpoint: 'https://a.example', headers: [{ header_name, header_value }] },
    },
  },
})

const framing =
  'a header other than connection, content-length, expect, host, keep-alive, transfer-encoding, upgrade'
const nameForm = 'a header name: letters, digits and hyphens'
const valueForm = 'a header value: one line of Latin-1 characters'

test.each([
  ['X A', 'b', 'header_name', nameForm],
  ['X-A\r\nX-B', 'b', 'header_name', nameForm],
  ['X-Ä', 'b', 'header_name', nameForm],
  ['Transfer-Encoding', 'chunked', 'header_name', framing],
  ['EXPECT', '100-continue', 'header_name', framing],
  ['Connection', 'close', 'header_name', framing],
  ['Host', 'b', 'header_name', framing],
  ['Content-Length', '1', 'header_name', framing],
  ['X-A', 'b\r\nX-B: c', 'header_value', valueForm],
  ['X-A', 'b\u0000', 'header_value', valueForm],
  ['X-A', '\u{1f600}', 'header_value', valueForm],
])('refuses the header %j: %j, which cannot be sent', (name, value, field, expected) => {
  expect(checkInput(AppInstallChangeSchema, withHeader(name, value))).toMatchObject({
    ok: false,
    refusal: [{ path: `/capabilities/webhooks/${type}/headers/0/${field}`, expected }],
  })
})

test.each([
  ['X-A', ''],
  ['x_a.b~', 'ä\tb'],
  ['Authorization', 'Basic YTpi'],
])('accepts the header %j: %j', (name, value) => {
  expect(checkInput(AppInstallChangeSchema, withHeader(name, value)).ok).toBe(true)
})
