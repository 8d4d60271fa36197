import { MatchersV3 } from '@pact-foundation/pact'
import type { Conversation } from '@sendbox/client'
import { expect, test } from 'vitest'
import { type DeclaredInteraction, interactions } from '../../src/pact/interactions.ts'
import { type ProviderState, pactConsumerId, providerStates } from '../../src/pact/states.ts'
import { conversationId, exampleConversationId } from './exchange.ts'
import { converse, toAnswer, toRequest, update } from './send-exchange.ts'

const { like } = MatchersV3

const resolved = { msg: like('OK Conversation resolved successfully') }
const ok = { msg: like('OK') }

interface FieldRow {
  readonly interaction: DeclaredInteraction
  readonly state?: ProviderState
  readonly field: unknown
  readonly body: unknown
  readonly act: (conversation: Conversation) => Promise<void>
}

const rows: readonly FieldRow[] = [
  {
    interaction: interactions.close,
    field: { field: 'ConversationStateField', conversationState: 'CLOSE' },
    body: resolved,
    act: conversation => conversation.close(),
  },
  {
    interaction: interactions.closeStage,
    field: { field: 'Stage', conversationState: 'CLOSE' },
    body: resolved,
    act: conversation => conversation.close({ field: 'Stage' }),
  },
  {
    interaction: interactions.closeDialog,
    field: {
      field: 'DialogChange',
      type: 'UPDATE',
      dialog: { dialogId: conversationId, state: 'CLOSE' },
    },
    body: resolved,
    act: conversation => conversation.close({ field: 'DialogChange' }),
  },
  {
    interaction: interactions.rate,
    state: providerStates.closedConversation,
    field: { field: 'CSATRate', csatRate: 5, csatResolutionConfirmation: true, status: 'FILLED' },
    body: ok,
    act: conversation => conversation.rate({ csatRate: 5, csatResolutionConfirmation: true }),
  },
]

test.each(rows)('$interaction.description is taken', async row => {
  expect.assertions(1)
  const { interaction, state = providerStates.openConversation, field, body, act } = row
  await converse(
    { interaction, states: [{ state }], request: update(field), response: toAnswer(body) },
    async conversation => {
      expect(await act(conversation)).toBeUndefined()
    },
  )
})

test('a time to respond is taken [UPD-6]', async () => {
  expect.assertions(1)
  const field = { field: 'TTRField', ttrType: 'CUSTOM', value: 900 } as const
  await converse(
    {
      interaction: interactions.setTimeToRespond,
      states: [{ state: providerStates.openConversation }],
      request: update(field),
      response: toAnswer(ok),
    },
    async (_, client) => {
      const body = { conversationId: exampleConversationId, conversationField: field }
      const request = { kind: 'req', type: 'cm.UpdateConversationField', body } as const
      expect(await client.send(request, { consumer: pactConsumerId })).toEqual({
        reqId: '1',
        code: 'OK',
        body: { msg: 'OK' },
      })
    },
  )
})

test('a profile is taken [PRO-1]', async () => {
  expect.assertions(1)
  const profile = {
    firstName: 'Zoe',
    authenticatedData: {
      lp_sdes: [
        { type: 'ctmrinfo', info: { customerId: '4711', balance: 12.5 } },
        { type: 'personal', personal: { firstname: 'Zoe', gender: 'FEMALE' } },
      ],
    },
  } as const
  await converse(
    {
      interaction: interactions.setProfile,
      request: toRequest('userprofile.SetUserProfile', profile),
      response: toAnswer({ msg: like('OK User Profile set successfully') }),
    },
    async conversation => {
      const { lp_sdes } = profile.authenticatedData
      expect(
        await conversation.setProfile({ ...profile, authenticatedData: { lp_sdes: [...lp_sdes] } }),
      ).toBeUndefined()
    },
  )
})
