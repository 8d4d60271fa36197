import { MatchersV3 } from '@pact-foundation/pact'
import { expect, test } from 'vitest'
import { interactions } from '../../src/pact/interactions.ts'
import { providerStates } from '../../src/pact/states.ts'
import {
  conversationId,
  exampleConversationId,
  exampleRelativePath,
  fromState,
  relativePath,
} from './exchange.ts'
import { converse, publish, text, toAnswer, toRequest } from './send-exchange.ts'

const { integer } = MatchersV3

const open = [{ state: providerStates.openConversation }]
const twoTexts = [{ state: providerStates.conversationWithTwoTexts }]
const button = { type: 'BotResponse', intents: [{ id: 'yes', confidenceScore: 1 }] }
const exampleDialogId = 'AAAAAAAAAAAAAAAAAAAAAA'

test('a text is answered with its sequence [PUB-2, RES-3]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.sendText,
      states: open,
      request: publish(text),
      response: toAnswer({ sequence: integer(0) }),
    },
    async conversation => {
      expect(await conversation.sendText('Hello')).toEqual({ sequence: 0 })
    },
  )
})

test('a text may carry the metadata of a button [PUB-10]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.sendTextWithMetadata,
      states: twoTexts,
      request: publish(text, { metadata: [button] }),
      response: toAnswer({ sequence: 2 }),
    },
    async conversation => {
      expect(await conversation.sendText('Hello', { metadata: [button] })).toEqual({ sequence: 2 })
    },
  )
})

test('a file message is answered with its sequence [PUB-3]', async () => {
  expect.assertions(1)
  const file = { fileType: 'PNG', caption: 'Look' }
  const toEvent = (place: unknown) => ({
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath: place, ...file },
  })
  await converse(
    {
      interaction: interactions.sendFile,
      states: [...open, { state: providerStates.uploadedFile }],
      request: publish(toEvent(relativePath)),
      response: toAnswer({ sequence: 0 }),
    },
    async conversation => {
      const event = toEvent(exampleRelativePath) as Parameters<typeof conversation.publish>[0]
      expect(await conversation.publish(event)).toEqual({ sequence: 0 })
    },
  )
})

test('a card is answered with its sequence [PUB-9]', async () => {
  expect.assertions(1)
  const card = {
    type: 'RichContentEvent',
    content: { type: 'button', title: 'Yes' },
  } as const
  await converse(
    {
      interaction: interactions.sendCard,
      states: open,
      request: publish(card),
      response: toAnswer({ sequence: 0 }),
    },
    async conversation => {
      expect(await conversation.publish(card)).toEqual({ sequence: 0 })
    },
  )
})

test('a chat state is answered with sequence 0 [PUB-7, SEQ-4]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.setChatState,
      states: twoTexts,
      request: publish({ type: 'ChatStateEvent', chatState: 'COMPOSING' }),
      response: toAnswer({ sequence: 0 }),
    },
    async conversation => {
      expect(await conversation.setChatState('COMPOSING')).toBeUndefined()
    },
  )
})

const receipt = (status: string, sequenceList: readonly number[]) => ({
  type: 'AcceptStatusEvent',
  status,
  sequenceList,
})

test('a receipt for two texts takes the number after theirs [PUB-8.1, SEQ-1]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.accept,
      states: twoTexts,
      request: publish(receipt('ACCEPT', [0, 1])),
      response: toAnswer({ sequence: 2 }),
    },
    async conversation => {
      expect(await conversation.accept([0, 1])).toEqual({ sequence: 2 })
    },
  )
})

test('a READ takes a number too [PUB-8.1, SEQ-1]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.read,
      states: twoTexts,
      request: publish(receipt('READ', [0])),
      response: toAnswer({ sequence: 2 }),
    },
    async conversation => {
      expect(await conversation.read([0])).toEqual({ sequence: 2 })
    },
  )
})

test('the ACTION of a reply to a card takes a number and carries the metadata of the button [PUB-8.1, PUB-10]', async () => {
  expect.assertions(1)
  const action = receipt('ACTION', [1])
  await converse(
    {
      interaction: interactions.act,
      states: twoTexts,
      request: publish(action, { metadata: [button] }),
      response: toAnswer({ sequence: 2 }),
    },
    async conversation => {
      const event = action as Parameters<typeof conversation.publish>[0]
      expect(await conversation.publish(event, { metadata: [button] })).toEqual({ sequence: 2 })
    },
  )
})

test('a text to a survey takes its number 0 [SEQ-3]', async () => {
  expect.assertions(1)
  const dialogId = fromState('dialogId', exampleDialogId)
  await converse(
    {
      interaction: interactions.answerSurvey,
      states: [{ state: providerStates.openSurvey }],
      request: toRequest('ms.PublishEvent', { dialogId, event: text, conversationId }),
      response: toAnswer({ sequence: 0 }),
    },
    async conversation => {
      expect(conversation.conversationId).toBe(exampleConversationId)
      expect.assertions(2)
      expect(await conversation.answerSurvey(exampleDialogId, 'Hello')).toEqual({ sequence: 0 })
    },
  )
})
