import { assumed, documented, own, type Rule } from './rule.ts'

/** The responses to requests, successful and not. */
export const responseRules = [
  {
    id: 'RES-1',
    text: 'Success is HTTP 200 `{reqId, code:"OK", body}`, with no `kind` and no `type`.',
    ...documented('SEND', 'demo'),
    contradiction: {
      sides: [
        {
          statement: 'The answer is `{reqId, code:"OK", body}`, without `kind` and `type`.',
          source: 'SEND, demo',
        },
        {
          statement: 'The answer has `kind` and `type`, and a number as `code`.',
          source: 'schema (WebSocket)',
        },
      ],
      followed: 'The answer is `{reqId, code:"OK", body}`, without `kind` and `type`.',
    },
  },
  {
    id: 'RES-1a',
    text: 'The order of keys is `reqId`, `code`, `body` on SEND, and `code`, `body`, `reqId` in the items of a batch and in URL answers.',
    ...documented('samples'),
  },
  {
    id: 'RES-1b',
    text: 'The Content-Type of an answer is `application/json;charset=utf-8`.',
    ...assumed(),
  },
  {
    id: 'RES-2',
    text: '`reqId` is the `id` of the request as text, as the sender wrote it: `3` comes back as `"3"`, `"1,"` as `"1,"`, and an integer of any length with all its digits.',
    ...documented('EXAMPLES'),
  },
  {
    id: 'RES-3',
    text: '`ms.PublishEvent` is answered with the `body` `{sequence}`.',
    ...documented('SEND'),
  },
  {
    id: 'RES-4',
    text: 'SetUserProfile in a batch is answered with the `body` `{msg:"OK User Profile set successfully"}`, ConsumerRequestConversation with the `body` `{conversationId}` (a UUID).',
    ...documented('CONVERSATION'),
  },
  {
    id: 'RES-4a',
    text: 'SetUserProfile by SEND is answered as in a batch (RES-4).',
    ...assumed(),
  },
  {
    id: 'RES-5.1',
    text: 'Closing (UPD-2, UPD-3, UPD-4) is answered with the text `OK Conversation resolved successfully`; the text is documented for the WebSocket.',
    ...documented(),
  },
  {
    id: 'RES-5.2',
    text: 'The text of RES-5.1 is wrapped as the `body` `{msg:"OK Conversation resolved successfully"}`; CSATRate and TTRField are answered with the `body` `{msg:"OK"}`.',
    ...assumed(),
  },
  {
    id: 'RES-6',
    text: 'Errors outside authorization are `{kind:"resp", reqId, code:<HTTP status>, body:{title, details, errorCode}, type:".ReqBody$ErrorResp"}`, with `reqId` where the `id` of the request could be read; `errorCode` is the HTTP status and two digits. Setting `errors.body`: `"object"` or `"string"`.',
    ...documented('RN LE-94214', 'AUTH'),
    contradiction: {
      sides: [
        {
          statement: 'The `body` of an error is the object `{title, details, errorCode}`.',
          source: 'RN LE-94214, AUTH',
        },
        { statement: 'The `body` of a 400 is plain text.', source: 'schema' },
      ],
      followed: 'The `body` of an error is the object `{title, details, errorCode}`.',
      setting: 'errors.body',
    },
  },
  {
    id: 'RES-7',
    text: 'Error codes chosen by Sendbox stand in 50..99 of their status, so that they never collide with a documented one; `title` is the HTTP reason phrase. Code and `details`: 40050 `Request body is not valid JSON`; 40051 `SEND takes one request, not an array`; 40052 `<JSON Pointer>: expected <expected>`; 40053 `Unsupported type <type>`; 40054 `Conversation is close`; 40055 `Dialog does not accept <event type>`; 40056 `File exceeds a limit`; 40057 `Consumer already has an open conversation`; 40058 `Sequence <n> is not assigned`; 40059 `Batch needs at least two requests`; 40060 `brandId is not the account of the path`; 40061 `File was not uploaded`; 40152 `username or password is wrong`; 40153 `Bearer is missing, wrong or past its time`; 40450 `API version not supported`; 40451 `Conversation not found`; 40452 `No such path`; 40455 `App install not found`; 40550 `Method not allowed`; 41250 `If-Match must be the ac-revision of the app install`; 41350 `Request body is too large`; 41550 `Content-Type must be application/json`; 41551 `Content-Encoding <name> is not supported` (a body that is not in its named encoding is answered with 40050); 42950 `Too many requests`.',
    ...assumed(),
  },
  {
    id: 'RES-8.1',
    text: 'Too many requests are answered with the status 429.',
    ...documented('CONVERSATION', 'retry page'),
  },
  {
    id: 'RES-8.2',
    text: 'A 429 carries the header `Retry-After: 1`.',
    ...assumed(),
  },
  {
    id: 'RES-9',
    text: 'Every answer of the mock names in `x-sendbox-rules` the rules that decided its status or body, and in `x-sendbox-evidence` the weakest evidence among them; AUTH-11 counts only where two checks that were run both fail (behind a refusal by token, version or rate the payload is not checked; its `id` is still read), RES-1b and `own` rules never; a setting switches both headers off. With `--min-evidence <level>` an answer below the level becomes 501 50150 `Nothing public says what the service answers here`.',
    ...own(),
  },
  {
    id: 'RES-9a',
    text: 'Every refusal and every miss says in the header `x-sendbox-hint`, in one sentence, what is wrong and what was probably meant: ASCII, at most 500 characters, other characters escaped, no token or secret; setting `hintHeader`, on by default.',
    ...own(),
  },
] as const satisfies readonly Rule[]
