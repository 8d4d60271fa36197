import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { startMockServer } from '@sendbox/mock-server'
import { request } from 'undici'
import { z } from 'zod'

const KeysSchema = z.object({ keys: z.tuple([z.looseObject({ kid: z.string() })]) })

async function readMockKey(): Promise<JsonWebKey> {
  const server = await startMockServer()
  try {
    const { body } = await request(`${server.url}/__sendbox/jwks.json`)
    return KeysSchema.parse(await body.json()).keys[0]
  } finally {
    await server.close()
  }
}

/** Claims that an AppJWT is of a mock: all of them sign with one test key, which no service has. Rule: AUTH-3. */
export async function isSignedByMock(appJwt: string): Promise<boolean> {
  const [header = '', claims = '', signature = ''] = appJwt.split('.')
  const key = createPublicKey({ key: await readMockKey(), format: 'jwk' })
  const signed = Buffer.from(`${header}.${claims}`)
  return verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))
}
