import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFolder } from './create-folder.js'
import { sendPath } from './send-call.js'

const toPath = relative => fileURLToPath(new URL(relative, import.meta.url))
const node = process.execPath
const [path] = sendPath.split('?')

const answer = { reqId: '1', code: 'OK', body: { sequence: 0 } }

const hasJava = () => {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function toMockoonEnvironment(port) {
  const rule = (target, modifier, value, operator = 'equals') => ({
    target,
    modifier,
    value,
    operator,
    invert: false,
  })
  const response = {
    uuid: 'response',
    body: JSON.stringify(answer),
    statusCode: 200,
    latency: 0,
    label: '',
    headers: [{ key: 'Content-Type', value: 'application/json' }],
    bodyType: 'INLINE',
    rulesOperator: 'AND',
    rules: [
      rule('query', 'v', '3'),
      rule('header', 'Authorization', '.+', 'regex'),
      rule('header', 'X-LP-ON-BEHALF', '.+', 'regex'),
      rule('body', 'type', 'ms.PublishEvent'),
      rule('body', 'body.dialogId', '.+', 'regex'),
      rule('body', 'body.event.type', 'ContentEvent'),
    ],
    disableTemplating: true,
    fallbackTo404: false,
    default: false,
    crudKey: 'id',
    callbacks: [],
  }
  const refusal = { ...response, uuid: 'refusal', statusCode: 400, rules: [], default: true }
  const route = {
    uuid: 'route',
    type: 'http',
    documentation: '',
    method: 'post',
    endpoint: path.slice(1),
    responses: [refusal, response],
    responseMode: null,
  }
  return {
    uuid: 'environment',
    lastMigration: 33,
    name: 'bench',
    port,
    hostname: '127.0.0.1',
    endpointPrefix: '',
    latency: 0,
    folders: [],
    routes: [route],
    rootChildren: [{ type: 'route', uuid: 'route' }],
    proxyMode: false,
    tlsOptions: { enabled: false },
    cors: false,
    headers: [],
    data: [],
    callbacks: [],
  }
}

const wireMockMapping = {
  request: {
    method: 'POST',
    urlPath: path,
    queryParameters: { v: { equalTo: '3' } },
    headers: { Authorization: { matches: '.+' }, 'X-LP-ON-BEHALF': { matches: '.+' } },
    bodyPatterns: [
      { matchesJsonPath: "$[?(@.type == 'ms.PublishEvent')]" },
      { matchesJsonPath: '$.body.dialogId' },
      { matchesJsonPath: "$.body.event[?(@.type == 'ContentEvent')]" },
    ],
  },
  response: {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    jsonBody: answer,
  },
}

const wireMockJar = '../node_modules/wiremock/build/wiremock-standalone-3.13.1.jar'

function toWireMock(port, options) {
  const folder = createFolder()
  mkdirSync(join(folder, 'mappings'))
  writeFileSync(join(folder, 'mappings', 'send.json'), JSON.stringify(wireMockMapping))
  const args = ['--port', String(port), '--root-dir', folder, '--disable-banner', ...options]
  return ['java', '-jar', toPath(wireMockJar), ...args]
}

const script = name => port => [node, toPath(`./servers/${name}.js`), String(port)]

/** The command as the tarball has it. */
const sendboxBin = '../../packages/mock-server/command/sendbox.js'

/**
 * The measured servers, in the order of the table: the command for a port, and the work of Sendbox that it leaves out for the same POST.
 * `isProduct` says that its start is measured too; `goal` is how many times as many calls Sendbox should answer.
 */
export const peers = [
  {
    id: 'sendbox',
    name: 'Sendbox, everything on',
    leavesOut: 'nothing: both tokens verified, schema, model, transcript, journal, rules headers',
    isProduct: true,
    command: port => [
      node,
      toPath(sendboxBin),
      'start',
      '--port',
      String(port),
      '--json',
      '--log-level',
      'error',
    ],
  },
  {
    id: 'bare-http',
    goal: 0.65,
    name: 'bare node:http, JSON.parse',
    leavesOut: 'routes, tokens, schema, state, journal',
    command: script('bare-http'),
  },
  {
    id: 'fastify-schema',
    name: 'Fastify, JSON Schema',
    leavesOut: 'tokens, state, journal',
    command: script('fastify-schema'),
  },
  {
    id: 'express-echo',
    goal: 3,
    name: 'Express JSON echo, default settings',
    leavesOut: 'tokens, schema, state, journal',
    command: script('express-echo'),
  },
  {
    id: 'express-schema',
    name: 'Express, zod schema only',
    leavesOut: 'tokens, state, journal, remarks on a payload',
    command: script('express-schema'),
  },
  {
    id: 'wiremock',
    goal: 2.2,
    name: 'WireMock, default journal',
    leavesOut: 'signatures of tokens, the whole schema (three JSON paths are checked), state',
    isProduct: true,
    warmUpMs: 45_000,
    isThere: hasJava,
    command: port => toWireMock(port, []),
  },
  {
    id: 'wiremock-no-journal',
    goal: 1.2,
    name: 'WireMock, no journal',
    leavesOut: 'as above, and the journal',
    warmUpMs: 45_000,
    isThere: hasJava,
    command: port => toWireMock(port, ['--no-request-journal']),
  },
  {
    id: 'prism',
    goal: 6,
    name: 'Prism, our openapi.json',
    leavesOut: 'signatures of tokens, state, journal',
    isProduct: true,
    command: port => {
      const folder = createFolder()
      cpSync(toPath('../../packages/schema/openapi.json'), join(folder, 'openapi.json'))
      return [
        node,
        toPath('../node_modules/@stoplight/prism-cli/dist/index.js'),
        'mock',
        '-m',
        'false',
        '-v',
        'silent',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        join(folder, 'openapi.json'),
      ]
    },
  },
  {
    id: 'mockoon',
    goal: 10,
    name: 'Mockoon, an equivalent route',
    leavesOut: 'signatures of tokens, the whole schema (three fields are checked), state',
    isProduct: true,
    command: port => {
      const file = join(createFolder(), 'environment.json')
      writeFileSync(file, JSON.stringify(toMockoonEnvironment(port)))
      return [
        node,
        toPath('../node_modules/@mockoon/cli/bin/run.js'),
        'start',
        '--data',
        file,
        '--disable-log-to-file',
        '--repair',
      ]
    },
  },
]
