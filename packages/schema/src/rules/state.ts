import { assumed, documented, own, type Rule, recorded } from './rule.ts'

/** Sequence numbers, chat states and the life of conversations and dialogs. */
export const stateRules = [
  {
    id: 'SEQ-1',
    text: '`ContentEvent`, `RichContentEvent` and `AcceptStatusEvent` each take the next sequence number of their dialog; the first is 0, the steps are 1.',
    ...documented('schema', 'WEBHOOKS'),
    contradiction: {
      sides: [
        { statement: 'The first number is 1 (implied).', source: 'SEND (note)' },
        {
          statement: 'The numbers are 0, 1, 2, 3, with `READ` taking 1.',
          source: 'SEND (sample), WEBHOOKS (examples)',
        },
      ],
      followed: 'The first number is 0, and a receipt takes a number.',
    },
  },
  {
    id: 'SEQ-2',
    text: 'All participants of a dialog share one counter of sequence numbers.',
    ...recorded(),
  },
  {
    id: 'SEQ-3',
    text: 'Each dialog has its own counter of sequence numbers: a survey starts at 0 again.',
    ...documented('PCS'),
    contradiction: {
      sides: [
        { statement: 'The counter is that of the dialog.', source: 'PCS' },
        { statement: 'The counter is that of the conversation.', source: 'WEBHOOKS, schema' },
      ],
      followed: 'The counter is that of the dialog.',
    },
  },
  {
    id: 'SEQ-4',
    text: '`ChatStateEvent` takes no sequence number; its answer is always `{sequence: 0}`; its notification has neither `sequence` nor `serverTimestamp`.',
    ...documented('SDK'),
  },
  {
    id: 'SEQ-5',
    text: 'OVERVIEW says that the sequence number counts repeats and doubles (0, 2, 4), against the schema and every recording; Sendbox does not imitate that.',
    ...documented('OVERVIEW'),
    contradiction: {
      sides: [
        { statement: 'The number counts repeats and doubles (0, 2, 4).', source: 'OVERVIEW' },
        {
          statement: 'The number counts events in steps of 1.',
          source: 'schema, every recording',
        },
      ],
      followed: 'The number counts events in steps of 1 (SEQ-1).',
    },
  },
  {
    id: 'SEQ-6',
    text: 'Sequence numbers have no gaps and no repeats, however many calls are in flight.',
    ...own(),
  },
  {
    id: 'CS-1',
    text: 'For each dialog and participant the last chat state is kept; it is null before the first one and after the dialog closes.',
    ...own(),
  },
  {
    id: 'CS-2',
    text: '`COMPOSING` stays until another chat state is sent; a text message does not end it.',
    ...documented('SEND', 'EXAMPLES'),
  },
  {
    id: 'CS-3',
    text: 'Chat states are not in the transcript; each change is kept, with its time, in the chat-state history of the dialog.',
    ...own(),
  },
  {
    id: 'LIF-1',
    text: '`state` is that of the main dialog, `stage` that of the whole conversation; the conversation is over when both are CLOSE.',
    ...documented('PCS'),
  },
  {
    id: 'LIF-2.1',
    text: 'The wording of the refusal of a publish to a closed conversation is `Conversation is close`, as recorded over WebSocket.',
    ...recorded(),
  },
  {
    id: 'LIF-2.2',
    text: 'A publish to a closed conversation is answered with 400 40054, title `Bad Request`, and the wording of LIF-2.1 as details: by analogy to the WebSocket.',
    ...assumed(),
  },
  {
    id: 'LIF-3',
    text: 'A chat state or a receipt to a closed main dialog while the survey is open is answered with 400 40055.',
    ...recorded('demo'),
  },
  {
    id: 'LIF-3a',
    text: 'A chat state to a survey dialog is answered with 400 40055; the authors of the demo say so.',
    ...assumed(),
  },
  {
    id: 'LIF-4.1',
    text: 'A publish to the survey with the `dialogId` of the survey and with `conversationId` is accepted.',
    ...recorded('demo'),
  },
  {
    id: 'LIF-4.2',
    text: 'A publish to the survey with the `dialogId` of the survey and without `conversationId` is accepted; a `dialogId` that does not belong to the `conversationId` is answered with 404 40451.',
    ...assumed(),
  },
  {
    id: 'LIF-5',
    text: '`cm.UpdateConversationField` on a closed conversation is answered with 400 40054, except for CSATRate (UPD-5).',
    ...assumed(),
  },
  {
    id: 'LIF-6',
    text: 'An unknown conversation or dialog is answered with 404 40451.',
    ...assumed(),
  },
  {
    id: 'LIF-7',
    text: 'A new conversation has state and stage OPEN, one `MAIN` dialog whose id is that of the conversation, the skillId "-1" if none is given, and by default the ttr `PRIORITIZED` with 600 s.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'LIF-7a',
    text: 'The ttrDefName `NORMAL` means 3600 s, `URGENT` 300 s.',
    ...assumed(),
  },
  {
    id: 'LIF-8',
    text: 'An automatic message follows the first message where the account has AUTO_MESSAGES (setting `autoMessages.enabled`), `Client-Properties` names `AUTO_MESSAGES` on CONVERSATION and on each SEND, and the first message comes within 10 s of the creation. Naming it in `conversationContext.features` is accepted with a diagnostic.',
    ...documented('EXAMPLES'),
    contradiction: {
      sides: [
        {
          statement:
            'Automatic messages are enabled by `Client-Properties` on CONVERSATION and on each SEND.',
          source: 'EXAMPLES',
        },
        {
          statement: 'Automatic messages are enabled by `conversationContext.features`.',
          source: 'older page',
        },
      ],
      followed:
        '`Client-Properties` enables them; `conversationContext.features` is accepted with a diagnostic.',
    },
  },
  {
    id: 'LIF-8a',
    text: 'The automatic message is sent by a participant of the role `CONTROLLER`, with the text of the setting `autoMessages.text`.',
    ...assumed(),
  },
] as const satisfies readonly Rule[]
