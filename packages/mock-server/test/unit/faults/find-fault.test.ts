import { expect, test } from 'vitest'
import { RandomSource } from '../../../src/accounts/random-source.ts'
import { Faults } from '../../../src/faults/faults.ts'
import type { Call } from '../../../src/http/call.ts'
import { findFault, mayHaveFault } from '../../../src/http/find-fault.ts'
import type { Services } from '../../../src/services.ts'
import { TokenService } from '../../../src/tokens/token-service.ts'
import { Updates } from '../../../src/updates.ts'

/** The services that faults are found by; the store knows one dialog, and counts the look-ups. */
function createServices() {
  const lookedUp: string[] = []
  const services = {
    faults: new Faults({ random: new RandomSource(), updates: new Updates() }),
    tokens: new TokenService(),
    clocks: { now: () => 0 },
    store: {
      findConversationId: (_: string, id: string) => {
        lookedUp.push(id)
        return id === 'survey' ? 'c-1' : undefined
      },
    },
  } as unknown as Services
  return { services, lookedUp }
}

/** A SEND of a text, which may have a magic value. */
const textCall = (json: string, token?: string, conversationId?: string): Call =>
  ({
    operationId: 'send',
    accountId: '1',
    json: { ok: true, value: JSON.parse(json), text: json },
    subject: { types: ['ms.PublishEvent'], events: ['ContentEvent'], conversationId },
    request: { get: () => token },
    settings: { magicValues: true },
  }) as unknown as Call

const toBody = (message: string): string =>
  `{"type":"ms.PublishEvent","body":{"event":{"type":"ContentEvent","message":"${message}"}}}`

test('a plain text of a consumer who is known costs no look-up and no verification', async () => {
  const { services, lookedUp } = createServices()
  const { tokens } = services
  const token = await tokens.signConsumerJws('1', 'anna')
  const plain = textCall(toBody('hello'), token, 'c-1')
  expect(mayHaveFault(plain, services)).toBe(true)
  expect(await findFault(plain, services)).toBeUndefined()
  expect([mayHaveFault(plain, services), lookedUp]).toEqual([false, []])
  const magic = await tokens.signConsumerJws('1', 'anna sendbox:hang')
  await tokens.readConsumerJws(magic, '1', 0)
  const call = textCall(toBody('hello'), magic)
  expect([mayHaveFault(call, services), (await findFault(call, services))?.faultId]).toEqual([
    true,
    'sendbox:hang',
  ])
})

test('a magic value acts also where JSON escapes it', async () => {
  const { services } = createServices()
  const call = textCall(toBody(String.raw`\u0073endbox\u003ahang`))
  expect([mayHaveFault(call, services), (await findFault(call, services))?.faultId]).toEqual([
    true,
    'sendbox:hang',
  ])
})

test('a dialog is looked up for a fault that names a conversation, and for no other', async () => {
  const { services, lookedUp } = createServices()
  const faults = services.faults.of('1')
  faults.add({ match: { nth: 1 }, action: { hang: true } })
  const inSurvey = textCall(toBody('hello'), undefined, 'survey')
  expect([(await findFault(inSurvey, services))?.faultId, lookedUp]).toEqual(['fault-1', []])
  faults.add({ match: { conversationId: 'c-1' }, action: { hang: true } })
  expect([(await findFault(inSurvey, services))?.faultId, lookedUp]).toEqual([
    'fault-2',
    ['survey'],
  ])
  const unknown = textCall(toBody('hello'), undefined, 'c-9')
  expect([await findFault(unknown, services), lookedUp]).toEqual([undefined, ['survey', 'c-9']])
})
