import { eventTypes, nearestName, webhookEventTypes } from '@sendbox/schema'
import { alternativesOf, type Explanation } from './explanation.ts'

/** Verbs of the WebSocket API alone; the Connector API subscribes to nothing, and reads nothing. */
const socketVerbs =
  /(?:^|\.)(?:Get|Subscribe|Unsubscribe|Query|Init|Refresh|Update(?!Conversation)|Join|Leave|Take|Accept(?!Status))[A-Z]?\w*$/i

const other = {
  send: 'SEND: POST .../messaging/consumer/conversation/send?v=3',
  conversation:
    'CONVERSATION: POST .../messaging/consumer/conversation?v=3, as an item of its array',
} as const

/** The types that SEND and CONVERSATION take. */
export interface RequestTypes {
  readonly send: readonly string[]
  readonly conversation: readonly string[]
}

function hintFor(
  type: string,
  operation: keyof RequestTypes,
  types: RequestTypes,
): string | undefined {
  const elsewhere = operation === 'send' ? 'conversation' : 'send'
  if (types[elsewhere].includes(type)) return `it belongs to ${other[elsewhere]}`
  if (eventTypes.some(event => event.toLowerCase() === type.toLowerCase()))
    return 'an event is body.event of ms.PublishEvent'
  if (webhookEventTypes.some(event => event.startsWith(type)))
    return 'a notification, which the service sends to a webhook'
  const own = nearestName(type, types[operation])
  const verb = /(?:^|\.)(Get|Set)\w*$/i.exec(type)?.[1]?.toLowerCase()
  const isOtherVerb = verb === 'get' && own !== undefined && /\.Set/.test(own)
  if (own && !isOtherVerb) return `did you mean "${own}"?`
  const moved = nearestName(type, types[elsewhere])
  if (moved && !isOtherVerb) return `did you mean "${moved}"? It belongs to ${other[elsewhere]}`
  return isOtherVerb || socketVerbs.test(type) || /^(?:\.?ams\.|cqm\.|routing\.)/.test(type)
    ? 'it belongs to the WebSocket API (Messaging Window API), which Sendbox does not imitate'
    : undefined
}

/** Explains a type that an operation does not take. Rule: REQ-3. */
export const explainType = (
  type: string,
  operation: keyof RequestTypes,
  types: RequestTypes,
): Explanation => ({
  part: '/type',
  expected: alternativesOf(types[operation]),
  received: 'another type',
  hint: hintFor(type, operation, types),
})
