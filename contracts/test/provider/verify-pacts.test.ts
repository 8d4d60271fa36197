import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { verifyPacts } from '../../src/index.ts'

const pactFile = fileURLToPath(new URL('../../pacts/sendbox-client-send-api.json', import.meta.url))

test('the mock honours the committed pact', async () => {
  const { problems, output } = await verifyPacts({ pactFiles: [pactFile] })
  expect({ problems, output }).toEqual({ problems: [], output: expect.stringContaining('OK') })
})

test('a handler or a teardown that fails or is missing fails the run', async () => {
  const providerModule = new URL('./broken-provider.ts', import.meta.url).href
  const { problems } = await verifyPacts({ pactFiles: [pactFile], providerModule })
  expect(problems).toEqual(
    expect.arrayContaining([
      'Provider state "the consumer has a closed conversation" has no handler',
      'Provider state "a file was uploaded" was set up 3 times and torn down 0 times',
      'Provider state "the consumer has an open conversation with two texts" failed: Error: this handler always fails',
      'Provider state "the survey is open" failed: Error: this handler always fails',
    ]),
  )
})

test('a pact that expects something else fails, and the output says what', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-pact-'))
  try {
    const wrong = join(folder, 'wrong.json')
    const text = await readFile(pactFile, 'utf8')
    const changed = text.replaceAll('"sequence": 2', '"sequence": 3')
    expect(changed).not.toBe(text)
    await writeFile(wrong, changed)
    const { problems, output } = await verifyPacts({ pactFiles: [wrong] })
    expect(problems).toEqual([expect.stringMatching(/^The provider does not honour the pact/)])
    expect(output).toContain('$.body.sequence -> Expected 2 (Integer) to be equal to 3 (Integer)')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a provider that cannot start is a problem, not a success', async () => {
  const { problems } = await verifyPacts({
    pactFiles: [pactFile],
    providerModule: 'data:text/javascript,export const createProvider = () => { throw 1 }',
  })
  expect(problems).toEqual([`The verifier ended without a verdict on ${pactFile}`])
})

test('no pact file at all is a problem', async () => {
  expect((await verifyPacts({ pactFiles: [] })).problems).toEqual([
    'There is no pact file to verify',
  ])
})
