import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { type PactFile, readPactFile, verifyPacts } from '../../src/index.ts'
import { providerStates } from '../../src/pact/states.ts'

const pactFile = fileURLToPath(new URL('../../pacts/sendbox-client-send-api.json', import.meta.url))

vi.setConfig({ testTimeout: 90_000 })

test('the mock honours the committed pact', async () => {
  const { problems, output } = await verifyPacts({ pactFiles: [pactFile] })
  expect({ problems, output }).toEqual({ problems: [], output: expect.stringContaining('OK') })
})

/** Verifies some interactions of the committed pact, after a change of their text. */
async function verifySome(
  isWanted: (interaction: PactFile['interactions'][number]) => boolean,
  {
    change = text => text,
    providerModule,
  }: { change?: (text: string) => string; providerModule?: string } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-pact-'))
  try {
    const pact = await readPactFile(pactFile)
    const some = { ...pact, interactions: pact.interactions.filter(isWanted) }
    const path = join(folder, 'some.json')
    await writeFile(path, change(JSON.stringify(some)))
    return await verifyPacts({ pactFiles: [path], ...(providerModule && { providerModule }) })
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('a handler or a teardown that fails or is missing fails the run', async () => {
  const broken: readonly string[] = [
    providerStates.closedConversation,
    providerStates.uploadedFile,
    providerStates.conversationWithTwoTexts,
    providerStates.openSurvey,
  ]
  const { problems } = await verifySome(
    ({ providerStates: states = [] }) => states.some(({ name }) => broken.includes(name)),
    { providerModule: new URL('../provider/broken-provider.ts', import.meta.url).href },
  )
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
  const { problems, output } = await verifySome(
    interaction => JSON.stringify(interaction).includes('"sequence":2'),
    { change: text => text.replaceAll('"sequence":2', '"sequence":3') },
  )
  expect(problems).toEqual([
    "The provider does not honour the pact (Verfication failed); the verifier's output says where",
  ])
  expect(output).toContain('$.body.sequence -> Expected 2 (Integer) to be equal to 3 (Integer)')
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
