import { MatchersV3 } from '@pact-foundation/pact'
import { createWebhookHandler, type WebhookHandlers } from '@sendbox/client'
import { webhookEventTypes } from '@sendbox/schema'
import { signWebhook } from '@sendbox/schema/signature'
import { expect, test } from 'vitest'
import { type DeclaredInteraction, notifications } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { type ProviderState, pactAccountId, providerStates } from '../../src/pact/states.ts'
import { createPact, exampleConversationId, exampleRelativePath, toParams } from './exchange.ts'

const { integer, like, regex, string } = MatchersV3

const exampleTime = 1_538_492_183_879
const exampleConsumer = '0a'.repeat(32)
const agent = { id: string('agent-1'), role: 'ASSIGNED_AGENT' }
const consumer = { id: regex('^[0-9a-f]{64}$', exampleConsumer), role: 'CONSUMER' }

const place = {
  conversationId: string(exampleConversationId),
  dialogId: string(exampleConversationId),
}

/** The notification of an event with a sequence. Rule: WH-4. */
const counted = (event: unknown, sequence: unknown, originator: { id: unknown; role: string }) => ({
  kind: 'notification',
  body: {
    changes: [
      {
        sequence,
        originatorId: originator.id,
        originatorMetadata: originator,
        serverTimestamp: integer(exampleTime),
        event,
        ...place,
        messageAudience: 'ALL',
      },
    ],
  },
  type: 'ms.MessagingEventNotification',
})

const text = (message: string) => ({ type: 'ContentEvent', message, contentType: 'text/plain' })

const dialog = {
  dialogId: string(exampleConversationId),
  participantsDetails: [consumer],
  dialogType: 'MAIN',
  channelType: 'MESSAGING',
  creationTs: integer(exampleTime),
  metaDataLastUpdateTs: integer(exampleTime),
}

const conversation = {
  skillId: '-1',
  participants: [consumer],
  brandId: pactAccountId,
  startTs: integer(exampleTime),
  metaDataLastUpdateTs: integer(exampleTime),
  ttr: { ttrType: 'PRIORITIZED', value: 600 },
}

/** The notification of a conversation. Rules: WH-4, WH-7. */
const changed = (effectiveTTR: unknown, details: object) => ({
  kind: 'notification',
  body: {
    changes: [
      {
        type: 'UPSERT',
        result: {
          convId: string(exampleConversationId),
          effectiveTTR,
          conversationDetails: { ...conversation, ...details },
        },
      },
    ],
  },
  type: 'cqm.ExConversationChangeNotification',
})

interface NotificationRow {
  readonly notification: DeclaredInteraction
  readonly state: ProviderState
  readonly contents: object
  /** The handler for it. */
  readonly kind: keyof WebhookHandlers
}

const rows: readonly NotificationRow[] = [
  {
    notification: notifications.text,
    state: providerStates.conversationWithTwoTexts,
    contents: counted(text('How can I help?'), 2, agent),
    kind: 'ContentEvent',
  },
  {
    notification: notifications.echo,
    state: providerStates.conversationWithTwoTexts,
    contents: counted(text('one'), 0, consumer),
    kind: 'ContentEvent',
  },
  {
    notification: notifications.file,
    state: providerStates.openConversation,
    contents: counted(
      {
        type: 'ContentEvent',
        message: { caption: 'Look', relativePath: like(exampleRelativePath), fileType: 'PNG' },
        contentType: 'hosted/file',
      },
      0,
      agent,
    ),
    kind: 'ContentEvent',
  },
  {
    notification: notifications.card,
    state: providerStates.openConversation,
    contents: counted(
      { type: 'RichContentEvent', content: { type: 'button', title: 'Yes' } },
      0,
      agent,
    ),
    kind: 'RichContentEvent',
  },
  {
    notification: notifications.receipt,
    state: providerStates.conversationWithTwoTexts,
    contents: counted({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }, 2, agent),
    kind: 'AcceptStatusEvent',
  },
  {
    notification: notifications.chatState,
    state: providerStates.openConversation,
    contents: {
      kind: 'notification',
      body: {
        changes: [
          {
            originatorId: agent.id,
            originatorMetadata: agent,
            event: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
            ...place,
          },
        ],
      },
      type: 'ms.MessagingEventNotification',
    },
    kind: 'ChatStateEvent',
  },
  {
    notification: notifications.opened,
    state: providerStates.openConversation,
    contents: changed(integer(exampleTime + 600_000), {
      state: 'OPEN',
      stage: 'OPEN',
      dialogs: [{ ...dialog, state: 'OPEN' }],
    }),
    kind: 'ExConversationChangeNotification',
  },
  {
    notification: notifications.closed,
    state: providerStates.closedConversation,
    contents: changed(-1, {
      state: 'CLOSE',
      stage: 'CLOSE',
      closeReason: 'CONSUMER',
      endTs: integer(exampleTime),
      dialogs: [{ ...dialog, state: 'CLOSE', endTs: integer(exampleTime), closedBy: 'CONSUMER' }],
    }),
    kind: 'ExConversationChangeNotification',
  },
]

/** Signs a body and passes it to a handler; resolves with the argument of the handler's call. */
async function receive(contents: unknown, kind: keyof WebhookHandlers): Promise<unknown[]> {
  const changes: unknown[] = []
  const { clientId, clientSecret } = placeholders
  await using handler = createWebhookHandler({
    clientSecret,
    reorderWithinMs: 0,
    on: { [kind]: (change: unknown) => changes.push(change) },
    onError: error => {
      throw error
    },
  })
  const body = Buffer.from(JSON.stringify(contents))
  const headers = {
    'content-type': 'application/json',
    'x-liveperson-account-id': pactAccountId,
    'x-liveperson-client-id': clientId,
    'x-liveperson-signature': signWebhook(body, clientSecret),
  }
  expect((await handler.receive({ method: 'POST', headers, body })).status).toBe(200)
  await handler.idle()
  return changes
}

test.each(rows)('$notification.description reaches its handler', async row => {
  const { notification, state, contents, kind } = row
  expect.assertions(2)
  await createPact()
    .addAsynchronousInteraction()
    .given(state, toParams({ state }))
    .expectsToReceive(notification.description, builder => builder.withJSONContent(contents))
    .executeTest(async ({ contents: { content } }) => {
      const { body } = content as { readonly body: { readonly changes: unknown } }
      expect(await receive(content, kind)).toEqual(body.changes)
    })
})

test('there is a notification of every type that a webhook can be registered for [WH-1.1]', () => {
  expect(new Set(rows.map(({ kind }) => kind)).size).toBe(webhookEventTypes.length)
})
