import { expect, test } from 'vitest'
import { controlOperations } from '../../../src/control/operations.ts'
import { createControlRoutes } from './control-routes.ts'

test('the control client has the routes of all operations', async () => {
  await expect(createControlRoutes(controlOperations)).toMatchFileSnapshot(
    '../../../src/control-client/routes.ts',
  )
})

test('operations have ids and places of their own', () => {
  const ids = controlOperations.map(({ id }) => id)
  const places = controlOperations.map(({ method, path }) => `${method} ${path}`)
  expect([new Set(ids).size, new Set(places).size]).toEqual([ids.length, places.length])
})
