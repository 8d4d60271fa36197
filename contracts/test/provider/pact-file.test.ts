import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import {
  checkExamples,
  checkInteractions,
  checkNoTokens,
  checkSpecification,
  checkStates,
} from '../../src/gates.ts'
import { interactions } from '../../src/interactions.ts'
import { readPactFile, toCommittedText } from '../../src/pact-file.ts'
import { providerStates } from '../../src/states.ts'
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
  expect([
    ...checkInteractions(pact, Object.values(interactions)),
    ...checkSpecification(pact),
    ...checkExamples(pact),
    ...checkStates(pact, Object.values(providerStates)),
    ...checkNoTokens(toCommittedText(pact)),
  ]).toEqual([])
})
