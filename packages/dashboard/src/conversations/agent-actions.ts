import type { ControlInput } from '@sendbox/mock-server/control'
import { attempt, call } from '../live/mock.ts'
import { openForm } from '../parts/form-dialog.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import type { ConversationView } from './conversations-store.ts'

interface AgentPlace {
  readonly accountId: string
  readonly conversationId: string
}

type AgentAction = ControlInput<'actAsAgent'>['body']

const act = (place: AgentPlace, body: AgentAction): Promise<unknown> =>
  call('actAsAgent', { ...place, body })

/** Says a text; a private note is for agents and managers only. Rule: WH-4a. */
export const say = (place: AgentPlace, text: string, isPrivate: boolean): Promise<unknown> =>
  act(place, {
    action: 'say',
    text,
    ...(isPrivate && { messageAudience: 'AGENTS_AND_MANAGERS' }),
  })

/** Sets the agent's chat state. */
export const setAgentState = (
  place: AgentPlace,
  chatState: Extract<AgentAction, { action: 'type' }>['chatState'],
): Promise<unknown> => act(place, { action: 'type', ...(chatState && { chatState }) })

async function toBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Sends a file; its type is the ending of its name. */
export const sendAgentFile = async (place: AgentPlace, file: File): Promise<unknown> =>
  act(place, {
    action: 'sendFile',
    base64: await toBase64(file),
    fileType: (file.name.split('.').at(-1) ?? '').toUpperCase(),
    caption: file.name,
  })

const sampleCard = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Is this what you need?' },
    {
      type: 'button',
      title: 'Yes',
      click: {
        metadata: [{ type: 'ExternalId', id: 'button-yes' }],
        actions: [{ type: 'publishText', text: 'Yes' }],
      },
    },
  ],
}

/** The actions of an agent beside speaking. */
export function agentActions(place: AgentPlace, view: ConversationView): readonly MenuItem[] {
  const perform = (body: AgentAction) => () => void attempt(() => act(place, body))
  const ask =
    (
      options: Pick<Parameters<typeof openForm>[0], 'title' | 'action' | 'fields' | 'text'>,
      toAction: (values: Readonly<Record<string, string>>) => AgentAction,
    ) =>
    () =>
      openForm({ ...options, submit: values => attempt(async () => act(place, toAction(values))) })
  return [
    { text: 'Join', act: perform({ action: 'join' }) },
    { text: 'Accept the last message', act: perform({ action: 'accept' }) },
    { text: 'Read the last message', act: perform({ action: 'read' }) },
    {
      text: 'Card…',
      act: ask(
        {
          title: 'Send a card',
          action: 'Send',
          fields: [
            {
              name: 'card',
              label: 'Structured content (JSON)',
              kind: 'area',
              value: JSON.stringify(sampleCard, null, 2),
            },
          ],
        },
        ({ card = '' }) => ({ action: 'sendCard', card: JSON.parse(card) as { type: string } }),
      ),
    },
    {
      text: 'Secure form…',
      act: ask(
        {
          title: 'Send a secure form',
          action: 'Send',
          fields: [
            { name: 'formId', label: 'Form id', value: 'form-1' },
            { name: 'title', label: 'Title', value: 'Your details' },
            {
              name: 'submit',
              label: 'Afterwards',
              value: 'no',
              options: [
                ['no', 'it waits for the consumer'],
                ['yes', 'the consumer submits it'],
              ],
            },
          ],
        },
        ({ formId = '', title = '', submit }) => ({
          action: 'sendSecureForm',
          formId,
          title,
          submit: submit === 'yes',
        }),
      ),
    },
    {
      text: 'Transfer…',
      act: ask(
        {
          title: 'Transfer the conversation',
          action: 'Transfer',
          fields: [
            { name: 'skillId', label: 'To the skill', value: view.skillId, isOptional: true },
            { name: 'toAgentId', label: 'To the agent', isOptional: true },
          ],
        },
        ({ skillId = '', toAgentId = '' }) => ({
          action: 'transfer',
          ...(skillId !== '' && { skillId }),
          ...(toAgentId !== '' && { toAgentId }),
        }),
      ),
    },
    { text: 'Start the survey', act: perform({ action: 'startSurvey' }) },
    { text: 'Open a CoBrowse session', act: perform({ action: 'openCoBrowse' }) },
    { text: 'Close the CoBrowse session', act: perform({ action: 'closeCoBrowse' }) },
    { text: 'Leave', act: perform({ action: 'leave' }) },
    {
      text: 'Close…',
      act: ask(
        {
          title: 'Close the open dialog',
          text: 'After the main dialog a survey opens where one is due; otherwise the conversation closes.',
          action: 'Close it',
          fields: [
            { name: 'closedCause', label: 'Cause', isOptional: true },
            {
              name: 'closeReason',
              label: 'Reason',
              value: 'AGENT',
              options: [
                ['AGENT', 'AGENT'],
                ['CONSUMER', 'CONSUMER'],
                ['TIMEOUT', 'TIMEOUT'],
              ],
            },
          ],
        },
        ({ closedCause = '', closeReason }) => ({
          action: 'close',
          ...(closedCause !== '' && { closedCause }),
          closeReason: closeReason as 'AGENT' | 'CONSUMER' | 'TIMEOUT',
        }),
      ),
    },
  ]
}
