import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startMockServer } from '@sendbox/mock-server'
import { request } from 'undici'
import { z } from 'zod'
import { notifications } from '../pact/interactions.ts'
import { verifyPacts } from '../pact/native/verify-pacts.ts'
import { findMismatches } from './interaction-verifier.ts'
import { isCall, type NamedInteraction, rulesOf } from './pact-interactions.ts'
import type { UntimedItem } from './verify-interaction.ts'

/** Verifies messages that a mock sends as webhooks. */
export interface MessageVerifier {
  verify(message: NamedInteraction): Promise<UntimedItem>
}

const ownMessages: readonly string[] = Object.values(notifications).map(
  ({ description }) => description,
)

/** Claims that a message is of Sendbox's own pact: the mock is known to be brought to send it. */
export const isOwnMessage = ({ interaction }: NamedInteraction): boolean =>
  !isCall(interaction) && ownMessages.includes(interaction.description)

const toItem = (
  { name, interaction }: NamedInteraction,
  problems: readonly string[],
): UntimedItem => {
  const rules = rulesOf(interaction)
  const verdict = problems.length === 0 ? 'passed' : 'failed'
  const title = `${name} (${rules.join(', ')})`
  return {
    kind: 'pact',
    name,
    verdict,
    steps: [{ title: interaction.description, rules, verdict }],
    ...(verdict === 'failed' && { failure: { title, rules, problems: [...problems] } }),
  }
}

/** Verifies all messages at once, and one by one only where that fails: each verification is a process of its own. */
export function createMessageVerifier(
  interactions: readonly NamedInteraction[],
  folder: string,
): MessageVerifier {
  const pactFile = join(folder, 'messages.json')
  const findProblems = async (messages: readonly NamedInteraction[]): Promise<string[]> => {
    const pact = {
      ...(JSON.parse(messages[0]?.pact ?? '{}') as object),
      interactions: messages.map(({ interaction }) => interaction),
    }
    await writeFile(pactFile, JSON.stringify(pact))
    const { problems, output } = await verifyPacts({ pactFiles: [pactFile] })
    return problems.length === 0 ? [] : [...problems, ...findMismatches(output)]
  }
  let together: Promise<string[]> | undefined
  return {
    async verify(message) {
      together ??= findProblems(interactions.filter(isOwnMessage))
      return toItem(message, (await together).length === 0 ? [] : await findProblems([message]))
    },
  }
}

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
