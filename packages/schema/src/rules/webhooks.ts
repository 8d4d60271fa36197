import { assumed, documented, own, type Rule, recorded } from './rule.ts'

/** The manifest of webhooks, their bodies and signatures, and the delivery with its retries. */
export const webhookRules = [
  {
    id: 'WH-1.1',
    text: 'The install manifest of an app has `capabilities.webhooks["<event type>"] = {endpoint, max_retries?, headers?: [{header_name, header_value}]}` for `ms.MessagingEventNotification.ContentEvent`, `ms.MessagingEventNotification.RichContentEvent`, `ms.MessagingEventNotification.AcceptStatusEvent`, `ms.MessagingEventNotification.ChatStateEvent` and `cqm.ExConversationChangeNotification`; `capabilities.webhooks.retry.retention_time` is in seconds, 0 or absent = off. An endpoint may have query parameters; `response_types` may be a bare string.',
    ...documented('WEBHOOKS', 'installing applications'),
  },
  {
    id: 'WH-1.2',
    text: 'A webhook type that is none of WH-1.1 is kept with a diagnostic that names the nearest one: it never fires.',
    ...own(),
  },
  {
    id: 'WH-2',
    text: 'A notification is a POST of JSON with the headers `x-liveperson-account-id`, `x-liveperson-client-id` and `x-liveperson-signature`.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-3',
    text: 'The signature is `sha1=` or `sha256=` with the HMAC of the exact bytes of the body, keyed with client_secret as UTF-8, in base64 or in hexadecimal. The account decides which: the mock signs with SHA-1 in base64 unless a setting says otherwise, and a receiver accepts all four. Two production signatures with SHA-1 in base64 were recomputed.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-4.1',
    text: 'The body is compact JSON, `{kind:"notification", body:{changes:[…]}, type}` in this order of keys, with one change in every recording; [ ] around names marks what may be absent. A messaging change has [`sequence`,] `originatorId`, `originatorMetadata` `{id, role}`, [`serverTimestamp`,] `event`, `conversationId`, `dialogId` [, `metadata`] [, `messageAudience`]. Events are `{type, message, contentType [, quickReplies]}` (`message` of a file: `{caption, relativePath, fileType, preview}`), `{type, content}`, `{type, chatState}` and `{type, status, sequenceList}`. The body of an ExConversation notification has `sentTs` (ms) before `changes`; that of a messaging notification has none. An ExConversation change has `type` `"UPSERT"` and `result` `{convId, effectiveTTR, conversationDetails {skillId, participants: array of {id, role}, dialogs: array of {dialogId, participantsDetails, dialogType, channelType, [metaData {appInstallId},] state, creationTs, [endTs,] metaDataLastUpdateTs, [closedBy,] [closedCause]}, brandId, state, stage, [closeReason,] startTs, [endTs,] metaDataLastUpdateTs, ttr {ttrType, value}, [conversationHandlerDetails {accountId, skillId}]}}`. `participantsDetails` is an array of `{id, role, state:"ACTIVE"}` with the consumer first; in `participants` the consumer is never first once others take part. `metaData` stands on the `MAIN` dialog of the conversation of a connector, `conversationHandlerDetails` where a skill is set. `dialogType` is `MAIN` or `POST_SURVEY`; `channelType` is `MESSAGING`; `closedBy` is `CONSUMER` or `AGENT`; `closeReason` is `CONSUMER`.',
    ...recorded(),
    contradiction: {
      sides: [
        {
          statement:
            'The changes have `conversationId`, `skillId`, `dialogs`, `stage` and `effectiveTTR`.',
          source: 'recordings',
        },
        {
          statement:
            'The changes lack `conversationId`, `skillId`, `dialogs`, `stage` and `effectiveTTR`.',
          source: 'documentation (examples of 2018)',
        },
      ],
      followed:
        'The changes have `conversationId`, `skillId`, `dialogs`, `stage` and `effectiveTTR`.',
    },
  },
  {
    id: 'WH-4.2',
    text: '`closeReason` of an ExConversation change (WH-4.1) is `AGENT` or `TIMEOUT` as well. The order of `participants` is the newest one who is not the consumer, the consumer, the rest.',
    ...assumed(),
  },
  {
    id: 'WH-4.3',
    text: 'A notification may have several changes. A receiver ignores unknown fields and unknown values of enumerations, so a notification that is signed and has `kind`, `type` and `body.changes` is never answered with 4xx for its content. Other dialogs than those of WH-4.1 exist: CoBrowse, with the `channelType` `COBROWSE`.',
    ...documented('WEBHOOKS', 'MWA (overview)'),
  },
  {
    id: 'WH-4a',
    text: 'Numbered events carry `messageAudience:"ALL"`, and private notes between agents and managers, which webhooks carry too, `"AGENTS_AND_MANAGERS"`: a connector must not relay them to the consumer. Setting `webhooks.messageAudience`, on by default.',
    ...documented('WEBHOOKS/events'),
  },
  {
    id: 'WH-4b',
    text: 'Agents act under the roles `ASSIGNED_AGENT`, `AGENT` and `MANAGER`. A manager may answer alone beside the assigned agent; the messages then carry `MANAGER` only.',
    ...recorded(),
  },
  {
    id: 'WH-4c',
    text: 'The message of an agent may carry `metadata` beside a text, a card or a file (`ExternalId`, `BusinessChatMessage`, `BusinessEvent`, `ConnectorAuthenticationRequest`, `Question` …), and the notification repeats it.',
    ...documented('bot templates', 'PCS'),
  },
  {
    id: 'WH-5',
    text: 'The roles are `CONSUMER`, `ASSIGNED_AGENT`, `AGENT`, `MANAGER`, `READER` and `CONTROLLER`.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-6',
    text: 'The own events of a consumer are echoed to the webhook.',
    ...recorded(),
  },
  {
    id: 'WH-7',
    text: 'Every change of the fields of a conversation (creation, participants, skill, ttr, csat, dialog, state, stage) sends `cqm.ExConversationChangeNotification` with the whole state.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-7a',
    text: 'Messages of a survey dialog send `cqm.ExConversationChangeNotification` too; setting `webhooks.surveyExConversation`, off by default.',
    ...documented('RN LE-95168'),
  },
  {
    id: 'WH-8',
    text: '`effectiveTTR` is the time by which the agent is to answer: before the first message of the consumer `startTs` + `ttr.value` × 1000; after a message of the consumer that no agent has answered, the time of that message + `ttr.value` × 1000; −1 as soon as an agent has answered (any role of agents, not `CONTROLLER`), and once the conversation is closed. It changes without a change of `metaDataLastUpdateTs`. One recording shows 3 ms more.',
    ...recorded(),
  },
  {
    id: 'WH-8a',
    text: 'For `effectiveTTR` the last of several unanswered messages counts, a changed ttr counts at once, and chat states and receipts change nothing.',
    ...assumed(),
  },
  {
    id: 'WH-9',
    text: 'A delivery succeeds with 200 or 201; the connect time-out is 5 s and, separately, the read time-out 5 s. Mutual TLS is possible.',
    ...documented('WEBHOOKS'),
    contradiction: {
      sides: [
        {
          statement: 'The time-outs are 5 s to connect and, separately, 5 s to read.',
          source: 'WEBHOOKS',
        },
        { statement: 'The time-out is 10 s.', source: 'another page' },
      ],
      followed: 'The time-outs are 5 s to connect and, separately, 5 s to read.',
    },
  },
  {
    id: 'WH-10.1',
    text: 'Retry by number: a failed delivery is repeated up to `max_retries` times (0..5, default 0) with 30 s between; later events may overtake it; conversations never wait for one another.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-10.2',
    text: 'A manifest with `max_retries` above 5 is refused.',
    ...assumed(),
  },
  {
    id: 'WH-11',
    text: 'Retry by time, with a `retention_time` of 2 to 259200 s; it wins over WH-10. One failed delivery puts the whole install into FAILED: from then on every event of every type and conversation is stored in the order of arrival, also for endpoints that work. Retries come after 2, 4, 8 … s, at most 300 s apart; an event past `retention_time` is dropped. IN TRANSITION (all endpoints answer again): events of new conversations go out directly, events of conversations with stored ones are appended, and stored ones are sent in order. RECOVERED: an event of a conversation that is still draining waits 4 s, then goes out, and order may be lost. UP again when drained.',
    ...documented('WEBHOOKS/retry-policy'),
  },
  {
    id: 'WH-11a',
    text: 'A failing event type with `max_retries: 0` does not start WH-11, and its event is dropped; while the install is already FAILED, its events are stored too.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-11b',
    text: 'The oldest stored event is the probe of WH-11.',
    ...assumed(),
  },
  {
    id: 'WH-12.1',
    text: 'An endpoint slower than 2.5 s for over 2 minutes may be disabled. In production a manifest takes up to 2 minutes to act.',
    ...documented('WEBHOOKS'),
  },
  {
    id: 'WH-12.2',
    text: 'For an endpoint slower than 2.5 s for over 2 minutes the mock gives a diagnostic only. A manifest acts at once.',
    ...own(),
  },
  {
    id: 'WH-13',
    text: 'Plain http endpoints are allowed on loopback, private address ranges, names without a dot, and `.localhost`, `.local`, `.internal` and `.test` (production: https only); link-local and metadata addresses never.',
    ...own(),
  },
] as const satisfies readonly Rule[]
