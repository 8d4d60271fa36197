import { signWebhook } from '@sendbox/schema/signature'
import { jsonAt, withJsonAt } from './json-at.ts'
import {
  accepted,
  algorithmOf,
  type InterceptedNotification,
  type WebhookMutant,
} from './webhook-mutant.ts'

const eventAt = '/body/changes/0/event'
const changeAt = '/body/changes/0'
const resultAt = `${changeAt}/result`

type When = (notification: InterceptedNotification) => boolean

const hasEvent =
  (type: string): When =>
  ({ json }) =>
    jsonAt(json, `${eventAt}/type`) === type

const hasStage =
  (stage: string): When =>
  ({ json }) =>
    jsonAt(json, `${resultAt}/conversationDetails/stage`) === stage

const isOfConsumer: When = ({ json }) =>
  jsonAt(json, `${changeAt}/originatorMetadata/role`) === 'CONSUMER'

const signing =
  (sign: (notification: InterceptedNotification) => string | undefined): WebhookMutant['deliver'] =>
  () =>
  notification =>
    notification.forward({ headers: { 'x-liveperson-signature': sign(notification) } })

const withoutHeader =
  (header: string): WebhookMutant['deliver'] =>
  () =>
  ({ forward }) =>
    forward({ headers: { [header]: undefined } })

/** Replaces a value in notifications, by another or by the result of a function. */
const replacing =
  (when: When, pointer: string, value: unknown): WebhookMutant['deliver'] =>
  () =>
  notification => {
    const { json, forward } = notification
    const was = jsonAt(json, pointer)
    if (!when(notification)) return forward()
    const replacement =
      typeof value === 'function' ? (value as (was: unknown) => unknown)(was) : value
    return forward({ json: withJsonAt(json, pointer, replacement) })
  }

const dropping =
  (when: When): WebhookMutant['deliver'] =>
  () =>
  async notification =>
    when(notification) ? accepted : notification.forward()

const base64Of = (signature: string): string => signature.replace(/^sha\d+=/, '')

/** Wrong signatures, bodies and deliveries of webhooks. */
export const webhookMutants: readonly WebhookMutant[] = [
  {
    name: 'signs the JSON with its white space, not the bytes',
    rules: ['WH-3'],
    deliver: signing(({ request, json, clientSecret }) =>
      signWebhook(JSON.stringify(json, null, 2), clientSecret, algorithmOf(request)),
    ),
  },
  {
    name: 'signs with the client id',
    rules: ['WH-3'],
    deliver: signing(({ request }) =>
      signWebhook(
        request.bytes,
        request.headers['x-liveperson-client-id'] ?? '',
        algorithmOf(request),
      ),
    ),
  },
  {
    name: 'writes signatures in base64 for URLs',
    rules: ['WH-3'],
    deliver: signing(({ request }) => {
      const signature = request.headers['x-liveperson-signature'] ?? ''
      return `${algorithmOf(request)}=${Buffer.from(base64Of(signature), 'base64').toString('base64url')}`
    }),
  },
  {
    name: 'writes signatures without their algorithm',
    rules: ['WH-3'],
    deliver: signing(({ request }) => base64Of(request.headers['x-liveperson-signature'] ?? '')),
  },
  {
    name: 'signs with SHA-256 unasked',
    rules: ['WH-3'],
    deliver: signing(({ request, clientSecret }) =>
      signWebhook(request.bytes, clientSecret, 'sha256'),
    ),
  },
  {
    name: 'does not sign',
    rules: ['WH-2', 'WH-3'],
    deliver: withoutHeader('x-liveperson-signature'),
  },
  {
    name: 'does not name the account of a notification',
    rules: ['WH-2'],
    deliver: withoutHeader('x-liveperson-account-id'),
  },
  {
    name: 'does not name the client of a notification',
    rules: ['WH-2'],
    deliver: withoutHeader('x-liveperson-client-id'),
  },
  {
    name: 'forgets the headers of the app install',
    rules: ['WH-1.1'],
    deliver: withoutHeader('x-own'),
  },
  {
    name: 'writes the type of a notification first',
    rules: ['WH-4.1'],
    deliver:
      () =>
      ({ json, forward }) => {
        const { type, ...others } = json as { readonly type: string }
        return forward({ json: { type, ...others } })
      },
  },
  {
    name: 'writes notifications with white space',
    rules: ['WH-4.1'],
    deliver:
      () =>
      ({ json, forward }) =>
        forward({ text: JSON.stringify(json, null, 2) }),
  },
  {
    name: 'notifies the messages of one dialog in two changes',
    rules: ['WH-4.1'],
    deliver: replacing(hasEvent('ContentEvent'), '/body/changes', (was: unknown) => [
      ...(was as unknown[]),
      ...(was as unknown[]),
    ]),
  },
  {
    name: 'does not echo what the consumer sends',
    rules: ['WH-6'],
    deliver: dropping(
      notification => isOfConsumer(notification) && hasEvent('ContentEvent')(notification),
    ),
  },
  {
    name: "calls the consumer's events an agent's",
    rules: ['WH-5'],
    deliver: replacing(isOfConsumer, `${changeAt}/originatorMetadata/role`, 'ASSIGNED_AGENT'),
  },
  {
    name: 'gives a chat state a number in its notification',
    rules: ['SEQ-4'],
    deliver:
      () =>
      ({ json, forward }) => {
        if (jsonAt(json, `${eventAt}/type`) !== 'ChatStateEvent') return forward()
        const change = jsonAt(json, changeAt) as object
        return forward({ json: withJsonAt(json, changeAt, { sequence: 0, ...change }) })
      },
  },
  {
    name: 'does not notify of chat states',
    rules: ['WH-1.1'],
    deliver: dropping(hasEvent('ChatStateEvent')),
  },
  {
    name: 'leaves the audience of a message out',
    rules: ['WH-4a'],
    deliver: replacing(hasEvent('ContentEvent'), `${changeAt}/messageAudience`, undefined),
  },
  {
    name: 'calls a private note a message for all',
    rules: ['WH-4a'],
    deliver: replacing(
      ({ json }) => jsonAt(json, `${changeAt}/messageAudience`) === 'AGENTS_AND_MANAGERS',
      `${changeAt}/messageAudience`,
      'ALL',
    ),
  },
  {
    name: "leaves the metadata of an agent's message out",
    rules: ['WH-4c'],
    deliver: replacing(hasEvent('ContentEvent'), `${changeAt}/metadata`, undefined),
  },
  {
    name: 'calls a manager an agent',
    rules: ['WH-4b'],
    deliver: replacing(
      ({ json }) => jsonAt(json, `${changeAt}/originatorMetadata/role`) === 'MANAGER',
      `${changeAt}/originatorMetadata/role`,
      'AGENT',
    ),
  },
  {
    name: 'invites to a form without an id of the invitation',
    rules: ['PUB-2a.2'],
    deliver: replacing(
      ({ json }) => jsonAt(json, `${eventAt}/contentType`) === 'forms/secure-invitation',
      `${eventAt}/message/invitationId`,
      undefined,
    ),
  },
  {
    name: 'does not say when the change of a conversation was sent',
    rules: ['WH-4.1'],
    deliver: replacing(hasStage('OPEN'), '/body/sentTs', undefined),
  },
  {
    name: 'names no handler of a conversation with a skill',
    rules: ['WH-4.1'],
    deliver: replacing(
      hasStage('OPEN'),
      `${resultAt}/conversationDetails/conversationHandlerDetails`,
      undefined,
    ),
  },
  {
    name: 'does not name the app install of the main dialog',
    rules: ['WH-4.1'],
    deliver: replacing(
      hasStage('OPEN'),
      `${resultAt}/conversationDetails/dialogs/0/metaData`,
      undefined,
    ),
  },
  {
    name: 'leaves the state of participants out',
    rules: ['WH-4.1'],
    deliver: replacing(
      hasStage('OPEN'),
      `${resultAt}/conversationDetails/dialogs/0/participantsDetails/0/state`,
      undefined,
    ),
  },
  {
    name: 'lists participants in the order in which they came',
    rules: ['WH-4.2'],
    deliver: replacing(
      hasStage('OPEN'),
      `${resultAt}/conversationDetails/participants`,
      (was: unknown) =>
        (was as { readonly role: string }[]).toSorted(
          (one, other) => Number(other.role === 'CONSUMER') - Number(one.role === 'CONSUMER'),
        ),
    ),
  },
  {
    name: 'waits for an agent who has answered',
    rules: ['WH-8'],
    deliver: replacing(
      ({ json }) => jsonAt(json, `${resultAt}/effectiveTTR`) === -1,
      `${resultAt}/effectiveTTR`,
      1_538_492_783_879,
    ),
  },
  {
    name: 'numbers notifications from 1',
    rules: ['SEQ-1'],
    deliver: replacing(
      ({ json }) => jsonAt(json, `${changeAt}/sequence`) !== undefined,
      `${changeAt}/sequence`,
      (was: unknown) => Number(was) + 1,
    ),
  },
  {
    name: 'does not notify of the close',
    rules: ['WH-7'],
    deliver: dropping(hasStage('CLOSE')),
  },
  {
    name: 'does not notify of an agent who joins',
    rules: ['WH-7'],
    deliver: dropping(
      ({ json }) => jsonAt(json, `${resultAt}/conversationDetails/participants/1`) !== undefined,
    ),
  },
  {
    name: 'notifies of the change of a conversation without its dialogs',
    rules: ['WH-4.1', 'WH-7'],
    deliver: replacing(hasStage('OPEN'), `${resultAt}/conversationDetails/dialogs`, []),
  },
  {
    name: 'counts the effective TTR in seconds',
    rules: ['WH-8'],
    deliver: replacing(hasStage('OPEN'), `${resultAt}/effectiveTTR`, (was: unknown) =>
      Math.floor(Number(was) / 1000),
    ),
  },
  {
    name: 'keeps the effective TTR of a closed conversation',
    rules: ['WH-8'],
    deliver: replacing(hasStage('CLOSE'), `${resultAt}/effectiveTTR`, 1_538_492_783_879),
  },
  {
    name: 'moves the effective TTR with each change',
    rules: ['WH-8a'],
    deliver: () => {
      let changes = 0
      return ({ json, forward }) => {
        const was = jsonAt(json, `${resultAt}/effectiveTTR`)
        if (typeof was !== 'number' || was < 0) return forward()
        changes += 1
        return forward({ json: withJsonAt(json, `${resultAt}/effectiveTTR`, was + changes - 1) })
      }
    },
  },
  {
    name: 'does not say who closed a conversation',
    rules: ['WH-4.1'],
    deliver: replacing(hasStage('CLOSE'), `${resultAt}/conversationDetails/closeReason`, undefined),
  },
  {
    name: "calls every close the consumer's",
    rules: ['WH-4.2'],
    deliver: replacing(
      hasStage('CLOSE'),
      `${resultAt}/conversationDetails/closeReason`,
      'CONSUMER',
    ),
  },
  {
    name: 'repeats the metadata of a text',
    rules: ['PUB-10'],
    deliver: replacing(
      notification => isOfConsumer(notification) && hasEvent('ContentEvent')(notification),
      changeAt,
      (was: unknown) => {
        const { messageAudience, ...change } = was as { readonly messageAudience: string }
        return { ...change, metadata: [{ type: 'ExternalId', id: 'button-1' }], messageAudience }
      },
    ),
  },
  {
    name: 'drops the metadata of an ACTION',
    rules: ['PUB-10'],
    deliver: replacing(hasEvent('AcceptStatusEvent'), `${changeAt}/metadata`, undefined),
  },
  {
    name: 'does not repeat what was refused',
    rules: ['WH-10.1', 'WH-11'],
    deliver:
      () =>
      async ({ forward }) => {
        await forward()
        return accepted
      },
  },
  {
    name: 'repeats once more than the app install says',
    rules: ['WH-10.1'],
    deliver: () => {
      const refused = new Map<string, number>()
      return async ({ request, forward }) => {
        const response = await forward()
        const text = request.bytes.toString()
        if ([200, 201].includes(response.status)) return response
        refused.set(text, (refused.get(text) ?? 0) + 1)
        return refused.get(text) === 2 ? forward() : response
      }
    },
  },
]
