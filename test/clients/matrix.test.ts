import { expect, test } from 'vitest'
import { ask, currentClients, everyRequestOf, toPrograms } from './clients.ts'

test('under sendbox run the clients of today reach the mock by the host names that they have built in', async () => {
  const programs = toPrograms(currentClients)
  expect(await ask(programs)).toEqual(everyRequestOf(programs))
})
