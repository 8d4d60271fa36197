import { join } from './agent.ts'
import { toChange } from './change.ts'
import type { Command, Environment, Transition } from './command.ts'
import type { ConversationState } from './conversation-state.ts'
import { publish } from './publish.ts'

type Publish = Extract<Command, { type: 'publish' }>

/** Maximum time between the creation and the first message. Rule: LIF-8. */
const dueWithinMs = 10_000

const controller = { id: 'controller', role: 'CONTROLLER' } as const

/** Rule: LIF-8. */
const isDue = (
  before: ConversationState,
  { participant, event, features = [] }: Publish,
  { now }: Environment,
): boolean =>
  participant.role === 'CONSUMER' &&
  event.type === 'ContentEvent' &&
  now - before.startTs <= dueWithinMs &&
  [before.features, features].every(named => named.includes('AUTO_MESSAGES'))

const isMessage = ({ participant, event }: Publish): boolean =>
  participant.role === 'CONSUMER' && event.type === 'ContentEvent'

/** Records the consumer's first message, and appends the automatic one where it is due. Rules: LIF-8, LIF-8a. */
export function withAutoMessage(
  before: ConversationState,
  published: Transition,
  command: Publish,
  environment: Environment,
): Transition {
  if (published.state === undefined || !isMessage(command)) return published
  const { state, reply, events } = published
  const noted = { state: { ...state, hasMessage: true }, reply, events }
  const { autoMessage: message } = environment
  if (message === undefined || !isDue(before, command, environment)) return noted
  const { now } = environment
  const { state: joined, events: joining } = toChange(
    noted.state,
    join(noted.state, controller, now),
    now,
  )
  const dialog = joined.dialogs.find(({ dialogId }) => dialogId === command.dialogId)
  if (dialog === undefined) return noted
  const event = { type: 'ContentEvent', contentType: 'text/plain', message } as const
  const following = {
    type: 'publish',
    participant: controller,
    dialogId: dialog.dialogId,
    event,
  } as const
  const followed = publish(joined, dialog, following, environment)
  return { state: followed.state, reply, events: [...events, ...joining, ...followed.events] }
}
