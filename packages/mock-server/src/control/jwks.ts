import { z } from 'zod'
import { testPublicJwk } from '../tokens/test-key-pair.ts'
import { defineControlOperation } from './control-operation.ts'

export const getJwks = defineControlOperation({
  id: 'getJwks',
  method: 'GET',
  path: '/jwks.json',
  summary: 'Answers the public key that verifies the tokens, as a JSON Web Key Set',
  answers: { 200: z.object({ keys: z.array(z.looseObject({ kid: z.string() })) }) },
  handle: () => ({ status: 200, body: { keys: [testPublicJwk] } }),
})
