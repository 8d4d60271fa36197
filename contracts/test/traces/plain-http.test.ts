import { expect, test } from 'vitest'
import { startRecorder } from '../../src/record/recorder.ts'
import { HttpTarget } from '../../src/traces/http-target.ts'

const credentials = { accountId: '1', clientId: 'c', clientSecret: 'secret', run: 'r' }
const refusal =
  'http://domains.example would get the client secret and tokens over plain http, off the local network. Use https, or allowPlainHttp (--allow-plain-http)'

test('a target and a recorder call no host off the local network over plain http [WH-13]', async () => {
  const domainApiUrl = 'http://domains.example'
  await expect(
    new HttpTarget({ ...credentials, domainApiUrl }).originOf('baseUris'),
  ).rejects.toThrow(new TypeError(refusal))
  await expect(startRecorder({ target: domainApiUrl, name: 'a' })).rejects.toThrow(refusal)
})

test.each([
  ['http://domains.example', true],
  ['http://127.0.0.1:4020', false],
  ['https://domains.example', false],
])(
  'a target %s is called where allowPlainHttp is %s [WH-13]',
  async (domainApiUrl, allowPlainHttp) => {
    const target = new HttpTarget({ ...credentials, domainApiUrl, allowPlainHttp })
    expect(await target.originOf('baseUris')).toBe(domainApiUrl)
  },
)
