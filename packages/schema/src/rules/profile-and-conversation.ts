import { assumed, documented, type Rule, recorded, tolerated } from './rule.ts'

/** The user profile, the batch that creates a conversation, and the URLs of files. */
export const profileAndConversationRules = [
  {
    id: 'PRO-1',
    text: 'The body of `userprofile.SetUserProfile` may be `{}`. `authenticatedData.lp_sdes` holds `{type:"ctmrinfo", info:{…}}` and `{type:"personal", personal:{…}}`, each with an optional `auth` `{amr[], iss}`. Further fields are `firstName`, `lastName`, `userId`, `avatarUrl`, `role`, `backgndImgUri`, `description` and `privateData` `{mobileNum, mail, pushNotificationData {serviceName, certName, token}}`.',
    ...documented('CONVERSATION', 'schema'),
  },
  {
    id: 'PRO-1a',
    text: 'The form `[{ctmrinfo:{…}}, {personal:{…}}]` of `lp_sdes`, and other SDE types, are accepted with a diagnostic and ignored; in strict mode 400.',
    ...assumed(),
    contradiction: {
      sides: [
        {
          statement: '`lp_sdes` is `[{ctmrinfo:{…}}, {personal:{…}}]`.',
          source: 'CONVERSATION (table)',
        },
        {
          statement:
            '`lp_sdes` holds `{type:"ctmrinfo", info:{…}}` and `{type:"personal", personal:{…}}`.',
          source: 'CONVERSATION, schema',
        },
      ],
      followed:
        'The form with `type`; the other is accepted with a diagnostic and ignored, in strict mode 400.',
    },
  },
  {
    id: 'PRO-2',
    text: '`info` of `ctmrinfo`: `ctype`, `cstatus`, `customerId`, `socialId`, `imei`, `userName`, `accountName`, `role`, `currency`, `companyBranch`, `storeZipCode` and `storeNumber` are strings; `balance` is a number; `companySize` and `loginStatus` are integers; `lastPaymentDate` and `registrationDate` are `{day, month, year}` of integers, all three required.',
    ...documented('engagement attributes', 'schema'),
  },
  {
    id: 'PRO-3',
    text: '`personal`: `firstname`, `lastname`, `company` and `language` are strings; `age` is `{age, year, month, day}` of integers; `gender` is `MALE`, `FEMALE` or `OTHER` (0, 1 and 2 pass with a diagnostic); `contacts` is `[{email, phone, phoneType, address {country, region}}]`.',
    ...documented(),
    contradiction: {
      sides: [
        { statement: '`gender` is `MALE`, `FEMALE` or `OTHER`.', source: 'documentation' },
        { statement: '`gender` is 0, 1 or 2.', source: 'documentation (a table)' },
      ],
      followed: '`MALE`, `FEMALE` and `OTHER`; 0, 1 and 2 pass with a diagnostic.',
    },
  },
  {
    id: 'CON-1',
    text: 'ConsumerRequestConversation has the body `{brandId, ttrDefName?, channelType?, skillId?, campaignInfo? {campaignId, engagementId}, conversationContext? {visitorId, sessionId, interactionContextId, type:"SharkContext", lang}}`. `skillId` has at most 10 digits, "-1" = any; `ttrDefName` is `NORMAL`, `URGENT`, `PRIORITIZED` or null (= absent); `channelType` is `MESSAGING` and optional.',
    ...documented('CONVERSATION', 'EXAMPLES', 'RN CO-34'),
    contradiction: {
      sides: [
        { statement: '`channelType` is mandatory.', source: 'documentation (one table)' },
        { statement: '`channelType` is optional.', source: 'documentation (another table)' },
        { statement: '`channelType` is absent.', source: 'documentation (minimal sample)' },
      ],
      followed: '`channelType` is optional.',
    },
  },
  {
    id: 'CON-1a',
    text: 'The `ttrDefName` `CUSTOM` is accepted with a diagnostic as if absent; in strict mode 400.',
    ...recorded('demo'),
    contradiction: {
      sides: [
        { statement: '`ttrDefName` is `CUSTOM`.', source: 'older official samples' },
        { statement: 'The `ttrDefName` `CUSTOM` is invalid.', source: 'demo' },
      ],
      followed: '`CUSTOM` is accepted with a diagnostic as if absent; in strict mode 400.',
    },
  },
  {
    id: 'CON-1b',
    text: 'The ids in `campaignInfo` and `conversationContext` may be integers. So may `skillId`, which is read as its decimal text (−1 as `"-1"`); a fraction or more than 10 digits are answered with 400. `conversationContext.clientProperties` and `conversationContext.features` are accepted.',
    ...tolerated(),
  },
  {
    id: 'CON-2',
    text: 'The batch of CONVERSATION is SetUserProfile first (mandatory), then ConsumerRequestConversation. An older page allows a third request, `ms.PublishEvent` without `dialogId`, which is meant for the new conversation and answered with `{code:"OK", body:{sequence:0}, reqId}`.',
    ...documented('CONVERSATION', 'older page'),
  },
  {
    id: 'CON-2a',
    text: 'Another order of the batch, or an empty `dialogId` in its third request, is accepted with a diagnostic.',
    ...assumed(),
  },
  {
    id: 'CON-3',
    text: '`brandId` is the account of the path, else 400 40060; without `brandId` the answer is that of AUTH-8.',
    ...assumed(),
  },
  {
    id: 'CON-4.1',
    text: 'A consumer has one open conversation at most.',
    ...documented('how-to'),
  },
  {
    id: 'CON-4.2',
    text: 'A second create while a conversation of the consumer is open is answered with 400 40057 by default; setting `secondConversation`: `"reject"`, `"reuse"` or `"allow"`.',
    ...assumed(),
  },
  {
    id: 'CON-5',
    text: 'If one item of a batch is invalid, the whole batch is refused, nothing changes, and the answer is one error object (no array) with the `reqId` of the first bad item.',
    ...assumed(),
  },
  {
    id: 'URL-1',
    text: 'The body of `ms.GenerateURLForUploadFile` is `{fileSize, fileType}`; `fileSize` is the number of bytes, as text or as a number.',
    ...documented('schema', 'MWA'),
    contradiction: {
      sides: [
        { statement: '`fileSize` is text.', source: 'schema or MWA' },
        { statement: '`fileSize` is a number.', source: 'schema or MWA' },
      ],
      followed: 'Both are accepted.',
    },
  },
  {
    id: 'URL-2',
    text: 'The body of `ms.GenerateURLForDownloadFile` is `{relativePath}`.',
    ...documented('EXAMPLES'),
  },
  {
    id: 'URL-2a',
    text: 'A `relativePath` that is not below `/v1/AUTH_async-images/{own account}/` is answered with 400 40052 at /body/relativePath (in a publish: PUB-3b).',
    ...assumed(),
  },
  {
    id: 'URL-3.1',
    text: 'The body of the answer to URL-1 and URL-2 is `{relativePath, queryParams:{temp_url_sig: 40 hex digits, temp_url_expires:"<epoch seconds>"}}`; `relativePath` is `/v1/AUTH_async-images/{accountId}/{64 hex}_uuid_{UUID}_{dd-MM-yyyy_HH-mm-ss-SSS}.{fileType}` (order of day and month: URL-3.2); the URL lives for 60 s.',
    ...documented('EXAMPLES'),
  },
  {
    id: 'URL-3.2',
    text: 'In the date of `relativePath` (URL-3.1) the day stands before the month: `dd-MM-yyyy`.',
    ...assumed(),
  },
] as const satisfies readonly Rule[]
