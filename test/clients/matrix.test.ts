import { expect, test } from 'vitest'
import { askByClients, currentClients, expectedOf } from './clients.ts'

test('under sendbox run the clients of today reach the mock by the host names that they have built in', async () => {
  expect(await askByClients(currentClients)).toEqual(expectedOf(currentClients))
})
