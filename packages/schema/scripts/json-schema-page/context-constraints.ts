import type { Constraint } from './differences.ts'
import { fileEvent, manifestWith, opening, publish, textEvent } from './samples.ts'

/** A constraint that neither the parser nor the JSON Schema knows, as it is not one of the payload. */
export interface ContextConstraint extends Constraint {
  /** A value that both accept, and a service may refuse. */
  readonly example: unknown
}

const isState = 'it depends on what the service has stored'

const receipt = publish({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [99] })

const closing = {
  id: '1',
  type: 'cm.UpdateConversationField',
  body: {
    conversationId: 'c',
    conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
  },
}

/** Constraints of the service, which refuses values of a valid shape. */
export const contextConstraints: readonly ContextConstraint[] = [
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '',
    constraint: 'a body of at most 1,048,576 bytes by default, else 413',
    rule: 'RES-7',
    reason: 'it counts the bytes of the text, not the parts of the value',
    example: publish(textEvent('x'.repeat(1_048_576))),
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body',
    constraint: '`dialogId` and `conversationId` name a dialog and its conversation',
    rule: 'LIF-6',
    reason: isState,
    example: publish(textEvent('Hello')),
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/conversationId',
    constraint: 'the conversation of the dialog',
    rule: 'LIF-4.2',
    reason: isState,
    example: { ...receipt, body: { ...receipt.body, conversationId: 'other' } },
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body',
    constraint: 'a conversation of the consumer of the ConsumerJWS',
    rule: 'AUTH-9.1',
    reason: 'the consumer is in a header',
    example: publish(textEvent('Hello')),
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/dialogId',
    constraint: 'a publish to an open conversation',
    rule: 'LIF-2.2',
    reason: isState,
    example: publish(textEvent('Hello')),
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/conversationId',
    constraint: 'a change of an open conversation; a rating is accepted after the close as well',
    rule: 'LIF-5',
    reason: isState,
    example: closing,
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/event/type',
    constraint:
      'neither a chat state nor a receipt for a closed main dialog while the survey is open',
    rule: 'LIF-3',
    reason: isState,
    example: receipt,
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/event/type',
    constraint: 'no chat state for a survey',
    rule: 'LIF-3a',
    reason: isState,
    example: publish({ type: 'ChatStateEvent', chatState: 'ACTIVE' }),
  },
  {
    schemas: ['SendRequest'],
    pointer: '/body/event/sequenceList/*',
    constraint: 'in strict mode, a number that the dialog has assigned',
    rule: 'PUB-8a',
    reason: isState,
    example: receipt,
  },
  {
    schemas: ['SendRequest', 'ConversationBatch'],
    pointer: '/body/event/message/relativePath',
    constraint: 'in strict mode, the path of an uploaded file',
    rule: 'PUB-3b',
    reason: isState,
    example: publish(fileEvent({ relativePath: '/never/uploaded' })),
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '/*/body/brandId',
    constraint: 'present, and the account of the path',
    rule: 'CON-3',
    reason: 'the account is in the path; without `brandId` the answer is another error',
    example: opening({ brandId: 'other' }),
  },
  {
    schemas: ['ConversationBatch'],
    pointer: '',
    constraint: 'of a consumer who has no open conversation',
    rule: 'CON-4.2',
    reason: isState,
    example: opening({}),
  },
  {
    schemas: ['AppInstallManifest', 'Webhooks'],
    pointer: '/capabilities/webhooks/*/endpoint',
    constraint: 'plain http for local hosts only',
    rule: 'WH-13',
    reason: 'address ranges are no pattern, and what is local is known to the service alone',
    example: manifestWith('http://example.com/'),
  },
]
