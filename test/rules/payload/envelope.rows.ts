import { expect } from 'vitest'
import { call, listing, view } from '../calls.ts'
import { askDownload, askUpload } from '../files.ts'
import { csat, opening, profile, publish, send, sendBatch, text, update } from '../requests.ts'
import { answers, type Row, refuses, refusesAt, shows, succeeds, takes } from '../row.ts'
import { conversationId } from '../world.ts'

const body = { dialogId: conversationId, event: text('hi') }
const publishing = { kind: 'req', id: '1', type: 'ms.PublishEvent', body }

const withMetadata = (metadata: unknown) => publish(text('hi'), { request: { metadata } })

/** Expects 40052 for the id, however it is repeated. */
const refusesId = answers(
  400,
  expect.objectContaining({
    body: expect.objectContaining({
      errorCode: 40052,
      details: expect.stringMatching(/^\/id: expected ./),
    }),
  }),
)

const otherTypes = [
  'BotResponse',
  'IBMWatsonInfo',
  'Question',
  'Answer',
  'EscalationSummary',
  'ConnectorPaymentResponse',
  'ConnectorAuthenticationResponse',
  'SocialMessagingEventData',
  'SomethingNew',
]

/** The envelope, its ids, types and metadata. */
export const envelopeRows: readonly Row[] = [
  {
    rule: 'REQ-1',
    sentence: 'takes an envelope with and without kind, and with metadata',
    steps: [
      [call({ json: publishing }), takes(0)],
      [call({ json: { ...publishing, kind: undefined } }), takes(1)],
      [call({ json: { ...publishing, metadata: [] } }), takes(2)],
    ],
  },
  {
    rule: 'REQ-1',
    sentence: 'refuses a request without id, type or body',
    steps: [
      [call({ json: { ...publishing, id: undefined } }), refusesAt('/id', null)],
      [call({ json: { ...publishing, type: undefined } }), refusesAt('/type')],
      [call({ json: { ...publishing, body: undefined } }), refusesAt('/body')],
    ],
  },
  ...['resp', 'REQ', '', 1].map(
    (kind): Row => ({
      rule: 'REQ-1a',
      sentence: `refuses the kind ${JSON.stringify(kind)}`,
      steps: [[send({ ...publishing, kind }), refusesAt('/kind')]],
    }),
  ),
  {
    rule: 'REQ-2',
    sentence: 'takes ids of 1 to 64 characters, and numbers',
    steps: [
      [send({ ...publishing, id: '1,' }), shows({ reqId: '1,' })],
      [send({ ...publishing, id: 'x'.repeat(64) }), shows({ reqId: 'x'.repeat(64) })],
      [send({ ...publishing, id: 12 }), shows({ reqId: '12' })],
    ],
  },
  ...['', 'x'.repeat(65), null, true, ['1']].map(
    (id): Row => ({
      rule: 'REQ-2',
      sentence: `refuses the id ${JSON.stringify(id)}`,
      steps: [[send({ ...publishing, id }), refusesId]],
    }),
  ),
  {
    rule: 'REQ-2',
    sentence: 'takes the same id twice, in one batch too',
    hasConversation: false,
    steps: [
      [
        sendBatch([profile, { ...opening(), id: profile.id }]),
        shows([{ reqId: profile.id }, { reqId: profile.id }]),
      ],
      [listing, shows([{ stage: 'OPEN' }])],
    ],
  },
  {
    rule: 'REQ-3.1',
    sentence: 'takes all five types',
    steps: [
      [publish(text('hi')), takes(0)],
      [update(csat), succeeds({ msg: 'OK' })],
      [
        send({ type: 'userprofile.SetUserProfile', body: {} }),
        succeeds({ msg: 'OK User Profile set successfully' }),
      ],
      [askUpload(), shows({ code: 'OK', body: { relativePath: expect.any(String) } })],
      [askDownload, shows({ code: 'OK', body: { relativePath: expect.any(String) } })],
    ],
  },
  {
    rule: 'REQ-3.2',
    sentence: 'refuses other types, those of CONVERSATION and in another letter case among them',
    steps: [
      [send({ type: 'ms.Foo', body: {} }), refuses(40053)],
      ...['cm.ConsumerRequestConversation', 'ms.publishEvent'].map(
        type =>
          [
            send({ type, body: {} }),
            refuses(40053, { details: `Unsupported type ${type}` }),
          ] as const,
      ),
    ],
  },
  {
    rule: 'REQ-4',
    sentence: 'ignores unknown fields, and keeps those of an event',
    steps: [
      [publish({ ...text('hi'), extra: { deep: [1] } }, { request: { extra: 1 } }), takes(0)],
      [
        view,
        shows({ dialogs: [{ transcript: [{ event: { ...text('hi'), extra: { deep: [1] } } }] }] }),
      ],
    ],
  },
  {
    rule: 'REQ-4',
    sentence: 'ignores a skillId beside the body',
    hasConversation: false,
    steps: [
      [sendBatch([profile, { ...opening(), skillId: '7' }]), answers(200)],
      [listing, shows([{ skillId: '-1' }])],
    ],
  },
  {
    rule: 'REQ-4',
    sentence: 'refuses unknown fields in strict mode',
    settings: { mode: 'strict' },
    steps: [
      [publish({ ...text('hi'), extra: 1 }), refusesAt('/body/event/extra')],
      [publish(text('hi'), { request: { skillId: '7' } }), refusesAt('/skillId')],
    ],
  },
  {
    rule: 'REQ-5',
    sentence: 'checks ExternalId and ActionReason',
    steps: [
      [withMetadata([{ type: 'ExternalId', id: 'x'.repeat(64) }]), takes(0)],
      [withMetadata([{ type: 'ActionReason', reasonId: '7', reason: 'x'.repeat(64) }]), takes(1)],
      [withMetadata([{ type: 'ActionReason' }]), takes(2)],
      [withMetadata([{ type: 'ExternalId', id: 'x'.repeat(65) }]), refusesAt('/metadata/0/id')],
      [withMetadata([{ type: 'ExternalId' }]), refusesAt('/metadata/0/id')],
      [
        withMetadata([{ type: 'ActionReason', reason: 'x'.repeat(65) }]),
        refusesAt('/metadata/0/reason'),
      ],
      [
        view,
        shows({
          dialogs: [
            { transcript: [{ metadata: [{ type: 'ExternalId', id: 'x'.repeat(64) }] }, {}, {}] },
          ],
        }),
      ],
    ],
  },
  {
    rule: 'REQ-5',
    sentence: 'takes a further key in a checked type as the service does',
    settings: { mode: 'as-service' },
    steps: [[withMetadata([{ type: 'ExternalId', id: 'x', more: 1 }]), takes(0)]],
  },
  {
    rule: 'REQ-5',
    sentence: 'refuses a further key in a checked type in strict mode, and none in another',
    settings: { mode: 'strict' },
    steps: [
      [withMetadata([{ type: 'ExternalId', id: 'x', more: 1 }]), refusesAt('/metadata/0/more')],
      [withMetadata([{ type: 'ActionReason', more: 1 }]), refusesAt('/metadata/0/more')],
      [withMetadata(otherTypes.map(type => ({ type, id: 7, more: { deep: [1] } }))), takes(0)],
    ],
  },
]
