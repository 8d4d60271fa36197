import type { RequestListener, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'
import { clientSecret } from './input.ts'
import type { Sabotage } from './target.ts'

const seed = 20261103

/** Lets the mock answer, and changes the text of its answer. */
const rewriting =
  (rewrite: (text: string) => string): Sabotage =>
  app =>
  (request, response) => {
    const end = response.end.bind(response) as (content?: unknown) => ServerResponse
    const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse
    let head: unknown[] = []
    response.writeHead = (...given: unknown[]) => {
      head = given
      return response
    }
    response.end = ((content?: unknown) => {
      const text = content instanceof Uint8Array ? Buffer.from(content).toString() : content
      const [status, fields] = head as [number, string[]]
      const rewritten = Buffer.from(rewrite(typeof text === 'string' ? text : ''))
      const lengthAt = fields.indexOf('Content-Length') + 1
      writeHead(status, fields.with(lengthAt, String(rewritten.byteLength)))
      return end(rewritten)
    }) as typeof response.end
    app(request, response)
  }

/** Changes a request before the mock sees it. */
const changing =
  (change: (headers: Parameters<RequestListener>[0]['headers']) => void): Sabotage =>
  app =>
  (request, response) => {
    change(request.headers)
    app(request, response)
  }

const unsigned = (token: string | undefined): boolean => token?.endsWith('.') === true

const kept: number[][] = []

const heavy = '['.concat('1,'.repeat(500_000), '1]')

/** The `Authorization` of the request before, by connection. */
const lastTokens = new WeakMap<object, string>()

/** The bugs that were put in on purpose, and as what each is found. */
test.each<[string, string, Sabotage]>([
  [
    'takes a token of alg none',
    'taken, though it is not valid',
    (app, tokens) => (request, response) => {
      const isUnsigned = unsigned(request.headers.authorization)
      if (isUnsigned) request.headers.authorization = tokens.appJwt['good']
      app(request, response)
    },
  ],
  [
    'does not look at the media type',
    'taken, though it is not valid',
    changing(headers => {
      headers['content-type'] = 'application/json'
    }),
  ],
  [
    'fails on an escape that is no UTF-8',
    'the mock itself failed',
    app => (request, response) => {
      if (!request.url?.includes('%ff')) return app(request, response)
      response.writeHead(500, { 'Content-Length': 0 }).end()
    },
  ],
  [
    'never answers a path with dots',
    'no answer, and no end of the connection',
    app => (request, response) => {
      if (!request.url?.includes('..')) app(request, response)
    },
  ],
  [
    'gives a number twice',
    'a number was given twice',
    rewriting(text => text.replace('"sequence":7}', '"sequence":6}')),
  ],
  [
    'leaves the type out of an error',
    'an error without the shape of one',
    rewriting(text => text.replace(',"type":".ReqBody$ErrorResp"', '')),
  ],
  [
    'refuses whoever asks for a range',
    'refused, though it is valid',
    changing(headers => {
      if (headers.range !== undefined) delete headers['x-lp-on-behalf']
    }),
  ],
  [
    'takes the token of the request before on the connection',
    'taken, though it is not valid',
    (app, tokens) => (request, response) => {
      const { authorization } = request.headers
      if (authorization === tokens.appJwt['good'])
        lastTokens.set(request.socket, authorization ?? '')
      else request.headers.authorization = lastTokens.get(request.socket)
      app(request, response)
    },
  ],
  [
    'never answers the last of many requests that came at once',
    'no answer, and no end of the connection',
    app => (request, response) => {
      if (request.socket.bytesRead < 100_000) app(request, response)
    },
  ],
  [
    'works on each value of a large body',
    'times as long as JSON.parse',
    app => (request, response) => {
      const rounds = Number(request.headers['content-length']) > 500_000 ? 60 : 0
      for (let round = 0; round < rounds; round += 1) JSON.parse(heavy)
      app(request, response)
    },
  ],
  [
    'quotes the client secret in its details',
    'an answer shows a secret',
    rewriting(text => text.replace('"details":"', `"details":"${clientSecret} `)),
  ],
  [
    'writes the URL of each call to its log',
    'a line of the log shows a secret',
    (app, _, writeLog) => (request, response) => {
      writeLog(`${request.url}\n`)
      app(request, response)
    },
  ],
  [
    'keeps 80 KB of each call',
    'the heap grew',
    app => (request, response) => {
      kept.push(Array.from({ length: 10_000 }, Math.random))
      app(request, response)
    },
  ],
])(
  'a mock that %s is found out',
  async (_, reason, sabotage) => {
    const { fault } = await fuzz({ seed, runs: 10_000, sabotage, stuckAfterMs: 3000 })
    kept.length = 0
    expect(fault).toContain(reason)
    expect(fault).toContain(`run fuzz --seed ${seed} --runs `)
  },
  120_000,
)
