import { once } from 'node:events'
import { createServer, get as getHttp, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, test } from 'vitest'
import { createApp, startMockServer } from '../../../src/index.ts'

const page = 'text/html,application/xhtml+xml,*/*;q=0.8'

/** Fetches a path as a browser does, without following where it leads. */
const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { Accept: page, ...headers }, redirect: 'manual' })

test('leads a browser from / to the dashboard, and a program to the 404 of any unknown path', async () => {
  await using server = await startMockServer()
  const led = await get(`${server.url}/`)
  expect([led.status, led.headers.get('location'), led.headers.get('vary')]).toEqual([
    302,
    '/__sendbox/ui/',
    'Accept',
  ])
  const program = await get(`${server.url}/`, { Accept: '*/*' })
  expect([program.status, program.headers.get('vary')]).toEqual([404, 'Accept'])
  const posted = await fetch(`${server.url}/`, { method: 'POST', headers: { Accept: page } })
  expect(posted.status).toBe(404)
  const { requests } = (await (await fetch(`${server.url}/__sendbox/requests`)).json()) as {
    requests: { method: string }[]
  }
  expect(requests.map(({ method }) => method)).toEqual(['GET', 'POST'])
})

test('serves the page with a policy that allows nothing but itself, and its assets for ever', async () => {
  await using server = await startMockServer()
  expect(server.dashboardUrl).toBe(`${server.url}/__sendbox/ui/`)
  const bare = await get(server.dashboardUrl.replace(/\/$/, ''))
  expect([bare.status, bare.headers.get('location')]).toEqual([308, 'ui/'])
  const response = await get(server.dashboardUrl)
  const html = await response.text()
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'no-cache',
    'content-security-policy':
      "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  })
  expect(html).not.toMatch(/<script>|<style|style=|\son\w+=|https?:/)
  const assets = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path)
  expect(assets).toHaveLength(3)
  for (const path of assets) {
    const asset = await get(server.dashboardUrl + path)
    expect([asset.status, asset.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ])
  }
  const unknown = await get(`${server.dashboardUrl}assets/none.js`)
  expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
    404,
    'application/json;charset=utf-8',
  ])
})

test('the page needs no control token, and every call of it does', async () => {
  await using server = await startMockServer({ controlToken: 'hush' })
  expect((await get(server.dashboardUrl)).status).toBe(200)
  expect((await get(`${server.url}/__sendbox/accounts`)).status).toBe(401)
})

test('the page is served to whoever follows a link from another site, under names of the mock alone', async () => {
  await using server = await startMockServer()
  const linked = await get(server.dashboardUrl, { 'Sec-Fetch-Site': 'cross-site' })
  expect(linked.status).toBe(200)
  const request = getHttp(server.dashboardUrl, { headers: { Host: 'attacker.example' } })
  const [foreign] = (await once(request, 'response')) as [IncomingMessage]
  foreign.resume()
  expect(foreign.statusCode).toBe(403)
})

test('an app that is mounted below a path serves the page there', async () => {
  const server = createServer(express().use('/mock', createApp())).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mock`
  const led = await get(url)
  expect(led.headers.get('location')).toBe('/mock/__sendbox/ui/')
  const served = await fetch(`${url}/__sendbox/ui`, { headers: { Accept: page } })
  expect([served.url, served.status]).toEqual([`${url}/__sendbox/ui/`, 200])
  server.close()
  server.closeAllConnections()
})
