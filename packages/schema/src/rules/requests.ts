import { assumed, documented, type Rule, tolerated } from './rule.ts'

/** The envelope of a request, its headers and its types. */
export const requestRules = [
  {
    id: 'REQ-1',
    text: 'The envelope of a request is `{kind:"req", id, type, body, metadata?}`. `id` and `type` are required; `kind` may be left out.',
    ...documented('schema'),
  },
  {
    id: 'REQ-1a',
    text: 'A `kind` other than `req` is answered with 400.',
    ...assumed(),
  },
  {
    id: 'REQ-2',
    text: '`id` is text of 1 to 64 characters (`"1,"` with its comma is common) or a JSON number. Ids need not be unique, not even in one batch.',
    ...documented('schema', 'EXAMPLES'),
    contradiction: {
      sides: [
        { statement: '`id` is text of 1 to 64 characters.', source: 'schema' },
        { statement: '`id` is a JSON number.', source: 'EXAMPLES (samples)' },
      ],
      followed: 'Both are accepted.',
    },
  },
  {
    id: 'REQ-3.1',
    text: 'SEND takes `ms.PublishEvent`, `cm.UpdateConversationField`, `userprofile.SetUserProfile`, `ms.GenerateURLForUploadFile` and `ms.GenerateURLForDownloadFile` as `type`.',
    ...documented('SEND', 'EXAMPLES'),
  },
  {
    id: 'REQ-3.2',
    text: 'Another `type` than those of REQ-3.1 is refused by SEND with 400 40053.',
    ...assumed(),
  },
  {
    id: 'REQ-4',
    text: 'Unknown extra fields are ignored, kept, and noted as a diagnostic; a `skillId` beside `body` instead of inside it is a known bug of real connectors.',
    ...tolerated(),
  },
  {
    id: 'REQ-5',
    text: '`metadata` stands at the top level and is an array. Only `ExternalId` `{id}` with at most 64 characters and `ActionReason` `{reasonId?, reason?}` with a `reason` of at most 64 are checked; a further key there is a diagnostic, in strict mode 400. Every other type passes unchecked (known: `BotResponse`, `IBMWatsonInfo`, `Question`, `Answer`, `EscalationSummary`, `ConnectorPaymentResponse`, `ConnectorAuthenticationResponse`, `SocialMessagingEventData`).',
    ...documented('schema', 'guide'),
  },
  {
    id: 'REQ-6.1',
    text: 'The header `Client-Properties` holds JSON `{type, features:[…], …}`. `type` is `.ClientProperties` in the documentation; `ClientProperties` and `.ams.headers.ClientProperties` occur. Features are `AUTO_MESSAGES`, `RICH_CONTENT`, `CO_BROWSE`, `CO_APP`, `PHOTO_SHARING`, `SECURE_FORMS` (schema), `QUICK_REPLIES` and `MULTI_DIALOG` (PCS).',
    ...documented('schema', 'PCS'),
  },
  {
    id: 'REQ-6.2',
    text: 'Clients name the features `FILE_SHARING` and `MARKDOWN_HYPERLINKS` in `Client-Properties` as well. Other features and another `type` are kept with a diagnostic, which names a known name that differs in letter case or by one letter. A header that is not JSON (`[object Object]` is common) or whose parts have another form is ignored with a diagnostic. Features count only under the three types of REQ-6.1, and none of a list with a wrong element does.',
    ...tolerated(),
  },
  {
    id: 'REQ-7.1',
    text: 'The Content-Type of a request is `application/json`.',
    ...documented(),
  },
  {
    id: 'REQ-7.2',
    text: 'Another Content-Type than `application/json` is answered with 415.',
    ...assumed(),
  },
  {
    id: 'REQ-9.1',
    text: '`encodedMetadata` stands at the top level of `ms.PublishEvent`, beside a text or a card only. It is valid base64 of at most 5k and never reaches a webhook. A request with a faulty one is answered with BadRequest, and its message is dropped.',
    ...documented('RN 94530', 'bot pages'),
  },
  {
    id: 'REQ-9.2',
    text: 'Of REQ-9.1, 5k are 5,120 characters, and the errorCode is 40052.',
    ...assumed(),
  },
  {
    id: 'REQ-8',
    text: 'Any array inside a request (`conversationField`, `metadata`, `lp_sdes`, `sequenceList`, `features` …) may be sent as its bare single element; not so the batch of CONVERSATION.',
    ...documented('MWA'),
  },
] as const satisfies readonly Rule[]
