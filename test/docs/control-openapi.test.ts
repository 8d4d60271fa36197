import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMockServer } from '@sendbox/mock-server'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { startControlSession } from '../command/control-session.ts'
import { controlExamples } from './control-examples.ts'

const require = createRequire(import.meta.url)
const redocly = require.resolve('@redocly/cli/bin/cli.js')

/** Neither telemetry nor the question for a newer version may reach for the network. */
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }

interface Media {
  readonly schema: object
}

interface DescribedOperation {
  readonly operationId: string
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >
}

interface Document {
  readonly servers: readonly [{ readonly url: string }]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: object
}

const readDocument = async (url: string): Promise<Document> =>
  (await (await fetch(`${url}/__sendbox/openapi.json`)).json()) as Document

/** Every operation that the document describes, with where and how it is called. */
const operationsOf = ({ paths, servers: [{ url }] }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path: `${url}${path}`,
    })),
  )

/** Returns the part of a response that the document does not describe. */
type FindMismatch = (
  operation: DescribedOperation,
  answer: { readonly status: number; readonly mediaType: string; readonly body: unknown },
) => unknown

function createMismatchFinder({ components }: Document): FindMismatch {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema({ components }, 'openapi')
  return ({ responses }, { status, mediaType, body }) => {
    const response = responses[status]
    if (response === undefined) return `status ${status} is not described`
    const media = response.content?.[mediaType] ?? response.content?.['*/*']
    if (media === undefined) return `${mediaType} is not described`
    const schema = JSON.stringify(media.schema).replaceAll('"#/', '"openapi#/')
    const validate = ajv.compile(JSON.parse(schema) as object)
    return validate(body) ? undefined : validate.errors
  }
}

test('every operation of the control API answers as its OpenAPI document describes', async () => {
  await using session = await startControlSession()
  const document = await readDocument(session.url)
  const described = operationsOf(document)
  expect(described.map(({ operationId }) => operationId).toSorted()).toEqual(
    Object.keys(controlExamples).toSorted(),
  )
  const findMismatch = createMismatchFinder(document)
  const byId = new Map(described.map(operation => [operation.operationId, operation]))
  const mismatches: unknown[] = []
  for (const [id, examples] of Object.entries(controlExamples)) {
    const operation = byId.get(id)
    if (operation === undefined) continue
    for (const example of examples) {
      const request = await example(session)
      const answer = await session.call(operation.method, operation.path, request)
      if (answer.status !== request.status) mismatches.push([id, request, answer])
      const mismatch = findMismatch(operation, answer)
      if (mismatch !== undefined) mismatches.push([id, mismatch, answer.body])
    }
  }
  expect(mismatches).toEqual([])
})

test('finds an answer that is not as described', async () => {
  await using server = await startMockServer()
  const document = await readDocument(server.url)
  const [health] = operationsOf(document).filter(({ operationId }) => operationId === 'getHealth')
  if (health === undefined) throw new Error('getHealth is not described')
  const findMismatch = createMismatchFinder(document)
  const mediaType = 'application/json'
  const body = { status: 'ok' }
  expect(findMismatch(health, { status: 200, mediaType, body })).toBe(undefined)
  const extra = { ...body, more: 1 }
  expect(findMismatch(health, { status: 200, mediaType, body: extra })).toMatchObject([
    { keyword: 'additionalProperties' },
  ])
  expect(findMismatch(health, { status: 404, mediaType, body })).toBe('status 404 is not described')
})

test('redocly finds nothing wrong with the document', { timeout: 60_000 }, async () => {
  await using server = await startMockServer()
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-'))
  try {
    const config = join(folder, 'redocly.yaml')
    const document = join(folder, 'openapi.json')
    await writeFile(config, 'extends:\n  - recommended-strict\n')
    await writeFile(document, JSON.stringify(await readDocument(server.url)))
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [redocly, 'lint', document, '--config', config, '--format', 'json'],
      { cwd: folder, encoding: 'utf8', env, timeout: 50_000 },
    )
    expect(status, `redocly says ${stdout}${stderr}`).toBe(0)
    expect(stdout + stderr).toMatch(/"totals":\s*\{\s*"errors":\s*0,\s*"warnings":\s*0/)
  } finally {
    await rm(folder, { recursive: true })
  }
})
