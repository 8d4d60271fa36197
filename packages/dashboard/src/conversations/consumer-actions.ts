import { attempt } from '../live/mock.ts'
import { openForm } from '../parts/form-dialog.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import type { TranscriptEntry } from './conversations-store.ts'
import { type ConsumerPlace, openDialogOf, sendReceipt, updateField } from './play-consumer.ts'

const isOfAgent = ({ role, event, messageAudience }: TranscriptEntry): boolean =>
  role !== 'CONSUMER' &&
  event.type !== 'AcceptStatusEvent' &&
  messageAudience !== 'AGENTS_AND_MANAGERS'

/** The numbers of the agent's messages in the open dialog. */
const numbersOf = ({ view }: ConsumerPlace): readonly number[] =>
  (openDialogOf(view)?.transcript ?? []).filter(isOfAgent).map(({ sequence }) => sequence)

async function confirmMessages(
  place: ConsumerPlace,
  status: 'ACCEPT' | 'READ' | 'NACK',
): Promise<void> {
  const numbers = numbersOf(place)
  if (numbers.length === 0) throw new Error('The agent has sent nothing in this dialog yet')
  await sendReceipt(place, status, numbers)
}

const stars = ['1', '2', '3', '4', '5'] as const

/** The actions of a consumer beside speaking. */
export function consumerActions(place: ConsumerPlace): readonly MenuItem[] {
  const perform = (action: () => Promise<unknown>) => () => void attempt(action)
  const { conversationId } = place.view
  return [
    { text: 'Accept what the agent sent', act: perform(() => confirmMessages(place, 'ACCEPT')) },
    { text: 'Read what the agent sent', act: perform(() => confirmMessages(place, 'READ')) },
    { text: 'Refuse what the agent sent', act: perform(() => confirmMessages(place, 'NACK')) },
    {
      text: 'Rate…',
      act: () =>
        openForm({
          title: 'Rate the conversation',
          action: 'Rate',
          fields: [
            {
              name: 'csatRate',
              label: 'Stars',
              value: '5',
              options: stars.map(star => [star, star] as const),
            },
            {
              name: 'resolved',
              label: 'Was it resolved?',
              value: 'yes',
              options: [
                ['yes', 'yes'],
                ['no', 'no'],
              ],
            },
          ],
          submit: ({ csatRate, resolved }) =>
            attempt(() =>
              updateField(place, {
                field: 'CSATRate',
                csatRate: Number(csatRate),
                csatResolutionConfirmation: resolved === 'yes',
                status: 'FILLED',
              }),
            ),
        }),
    },
    {
      text: 'Close the dialog, with its survey',
      act: perform(() =>
        updateField(place, {
          field: 'DialogChange',
          type: 'UPDATE',
          dialog: {
            dialogId: openDialogOf(place.view)?.dialogId ?? conversationId,
            state: 'CLOSE',
          },
        }),
      ),
    },
    {
      text: 'Close the conversation',
      act: perform(() =>
        updateField(place, { field: 'ConversationStateField', conversationState: 'CLOSE' }),
      ),
    },
  ]
}
