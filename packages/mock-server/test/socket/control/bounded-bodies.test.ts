import { gzipSync } from 'node:zlib'
import { expect, test, vi } from 'vitest'
import { startMockServer } from '../../../src/index.ts'

test('refuses a small body that unpacks to millions of levels or values before it is parsed', async () => {
  await using server = await startMockServer()
  using parse = vi.spyOn(JSON, 'parse')
  const refusalOf = async (path: string, method: string, json: string) => {
    const body = gzipSync(json)
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    const url = `${server.url}/__sendbox/accounts/1/${path}`
    const response = await fetch(url, { method, headers, body })
    return [response.status, /"details":"([^"]*)/.exec(await response.text())?.[1]]
  }
  const deep = '['.repeat(30_000_000)
  const wide = `{"conversations":[${'[],'.repeat(2_000_000)}[]]}`
  const tooDeep = [400, 'The body is no JSON in UTF-8, or nested too deeply']
  expect(await refusalOf('snapshot', 'PUT', deep)).toEqual(tooDeep)
  expect(await refusalOf('faults', 'POST', deep.slice(0, 1_000_000))).toEqual(tooDeep)
  const tooWide = (values: number) => [413, `The body of this call has more than ${values} values`]
  expect(await refusalOf('snapshot', 'PUT', wide)).toEqual(tooWide(2_000_000))
  expect(await refusalOf('faults', 'POST', wide.slice(0, 1_000_000))).toEqual(tooWide(10_000))
  expect(parse.mock.calls.filter(([text]) => text.length > 10_000)).toEqual([])
})
