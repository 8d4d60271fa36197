import { assumed, documented, type Rule, recorded, tolerated } from './rule.ts'

/** The body and the events of `ms.PublishEvent`. */
export const publishEventRules = [
  {
    id: 'PUB-1.1',
    text: 'The body of `ms.PublishEvent` is `{dialogId, event}`; the id of the main dialog equals that of the conversation.',
    ...documented('SEND'),
  },
  {
    id: 'PUB-1.2',
    text: 'The body of `ms.PublishEvent` may hold a `conversationId` as well.',
    ...recorded('demo'),
  },
  {
    id: 'PUB-2',
    text: 'A text is `{type:"ContentEvent", contentType:"text/plain", message: string}`. There is no public limit of its length: none by default, setting `limits.textLength`.',
    ...documented('SEND'),
  },
  {
    id: 'PUB-2a.1',
    text: 'A `ContentEvent` is one of five: a text, a hosted file, an external file, the invitation to a secure form, its submission. The last three reach a connector by webhook.',
    ...documented('WEBHOOKS/events'),
  },
  {
    id: 'PUB-2a.2',
    text: 'The content types of secure forms are `forms/secure-invitation` and `forms/secure-submission`, with the `message` `{formId, title, invitationId, submissionId?}`.',
    ...tolerated(),
  },
  {
    id: 'PUB-2a.3',
    text: 'Of the kinds of PUB-2a.1 SEND takes the first two; another `contentType` is answered with 400 40052.',
    ...assumed(),
  },
  {
    id: 'PUB-3',
    text: 'A file is `{type:"ContentEvent", contentType:"hosted/file", message:{relativePath, fileType, caption?, preview?}}`.',
    ...documented('EXAMPLES'),
    contradiction: {
      sides: [
        { statement: '`message` is an array.', source: 'SEND (table)' },
        { statement: '`message` is an object.', source: 'EXAMPLES (every sample)' },
        { statement: '`caption` is required.', source: 'schema (an older one)' },
      ],
      followed: '`message` is an object, and `caption` is optional.',
    },
  },
  {
    id: 'PUB-3a',
    text: 'The `fileType` of a file message need not equal the one that the upload URL was asked for.',
    ...recorded('demo'),
  },
  {
    id: 'PUB-3b',
    text: 'A `relativePath` that is unknown or was not uploaded gives a diagnostic; in strict mode 400 40061.',
    ...assumed(),
  },
  {
    id: 'PUB-4.1',
    text: '`fileType` is `JPG`, `JPEG`, `PNG` or `GIF`; setting `limits.fileTypes`.',
    ...documented(),
    contradiction: {
      sides: [
        { statement: '`fileType` is `JPG`, `JPEG`, `PNG` or `GIF`.', source: 'documentation' },
        { statement: '`fileType` has `IMG`, `TXT`, `PDF`.', source: 'schema (an older one)' },
        {
          statement: '`fileType` has `PDF`, `DOCX`, `PPTX`, `XLSX`.',
          source: 'documentation (newer mobile pages)',
        },
      ],
      followed: '`fileType` is `JPG`, `JPEG`, `PNG` or `GIF`.',
      setting: 'limits.fileTypes',
    },
  },
  {
    id: 'PUB-4.2',
    text: 'A `fileType` in another letter case is accepted with a diagnostic.',
    ...assumed(),
  },
  {
    id: 'PUB-5.1',
    text: 'A file has at most 3 MB and its preview less than 30 KB; the limits are checked at publish, where a breach is answered with 400.',
    ...documented('EXAMPLES'),
  },
  {
    id: 'PUB-5.2',
    text: 'Of the limits of PUB-5.1, 3 MB are 3,145,728 bytes and 30 KB are 30,720 characters of the whole data URL. Besides publish they are checked at GenerateURL (`fileSize`) and at PUT (413).',
    ...assumed(),
  },
  {
    id: 'PUB-6.1',
    text: 'With a file message, `HostedFile` occurs as `contentType` (an older schema) or as the type of the event (the prose of EXAMPLES).',
    ...documented('schema', 'EXAMPLES'),
    contradiction: {
      sides: [
        {
          statement: 'A file is a `ContentEvent` with the `contentType` `hosted/file`.',
          source: 'EXAMPLES',
        },
        {
          statement: 'The `contentType` of a file is `HostedFile`.',
          source: 'schema (an older one)',
        },
        { statement: 'The event type of a file is `HostedFile`.', source: 'EXAMPLES (prose)' },
      ],
      followed: 'The form of PUB-3; the two with `HostedFile` are read as it, with a diagnostic.',
    },
  },
  {
    id: 'PUB-6.2',
    text: '`HostedFile` as `contentType` or as event type with a file message is read as PUB-3, with a diagnostic.',
    ...assumed(),
  },
  {
    id: 'PUB-7',
    text: 'A chat state is `{type:"ChatStateEvent", chatState}` with `ACTIVE`, `INACTIVE`, `GONE`, `COMPOSING` or `PAUSE`. The name of the field is `chatState`; `ChatState` gets a problem that says so.',
    ...documented('SEND', 'schema'),
    contradiction: {
      sides: [
        { statement: 'The field is named `ChatState`.', source: 'SEND (table)' },
        { statement: 'The field is named `chatState`.', source: 'schema' },
      ],
      followed: 'The field is named `chatState`; `ChatState` gets a problem that says so.',
    },
  },
  {
    id: 'PUB-8.1',
    text: 'A receipt is `{type:"AcceptStatusEvent", status, sequenceList:[integer…]}`; `status` is `ACCEPT`, `READ`, `ACCESS`, `NACK` or `ACTION`.',
    ...documented('SEND', 'schema'),
  },
  {
    id: 'PUB-8.2',
    text: 'The `sequenceList` of an `AcceptStatusEvent` is not empty and holds no negative number.',
    ...assumed(),
  },
  {
    id: 'PUB-8a',
    text: 'A number in `sequenceList` that is not yet assigned in that dialog is accepted with a diagnostic; in strict mode 400 40058.',
    ...assumed(),
  },
  {
    id: 'PUB-9',
    text: 'Rich content is `{type:"RichContentEvent", content: element}`, or `message` in the place of `content`: both are accepted, kept and sent on as `content`; neither or both are answered with 400.',
    ...documented('SDK', 'schema'),
    contradiction: {
      sides: [
        { statement: 'The element stands in `content`.', source: 'SDK' },
        { statement: 'The element stands in `message`.', source: 'schema' },
      ],
      followed:
        'Both are accepted, kept and sent on as `content`; neither or both are answered with 400.',
    },
  },
  {
    id: 'PUB-10',
    text: 'The reply of a consumer to a card is two calls: an `AcceptStatusEvent` with `ACTION` and the number of the card as the only one in `sequenceList`, then a `ContentEvent` with the text of the button; both carry the `click.metadata` of the button, copied verbatim, as the top-level `metadata`. The notification of the first call repeats it in the `metadata` of the change, that of the second does not.',
    ...documented('PCS'),
  },
] as const satisfies readonly Rule[]
