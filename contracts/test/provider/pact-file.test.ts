import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { declaredInteractions } from '../../src/pact/interactions.ts'
import { readPactFile, toCommittedText } from '../../src/pact/pact-file.ts'
import { providerStates } from '../../src/pact/states.ts'
import { checkStates } from '../../src/verify/verify-pacts.ts'
import { checkExamples } from '../gates/example-gate.ts'
import { checkInteractions, checkNoTokens, checkSpecification } from '../gates/pact-gates.ts'
import { generatedPactsFolder } from '../generated-pacts.ts'

const name = 'sendbox-client-send-api.json'
const committed = fileURLToPath(new URL(`../../pacts/${name}`, import.meta.url))

test('the consumer tests write the pact file that is committed', async () => {
  expect(await readdir(generatedPactsFolder)).toEqual([name])
  const generated = await readPactFile(`${generatedPactsFolder}${name}`)
  await expect(toCommittedText(generated)).toMatchFileSnapshot(committed)
})

test('the committed pact passes every gate', async () => {
  const pact = await readPactFile(committed)
  const declared = declaredInteractions.map(({ description }) => description)
  expect([
    ...checkInteractions(pact, declared),
    ...checkSpecification(pact),
    ...checkExamples(pact),
    ...checkStates(pact, Object.values(providerStates)),
    ...checkNoTokens(toCommittedText(pact)),
  ]).toEqual([])
})

test('every state that is declared is used', async () => {
  const pact = await readPactFile(committed)
  const used = pact.interactions.flatMap(({ providerStates: states = [] }) => states)
  expect(new Set(used.map(state => state.name))).toEqual(new Set(Object.values(providerStates)))
})
