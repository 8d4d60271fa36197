import { assumed, documented, type Rule } from './rule.ts'

/** The tokens, their headers, the errors of authorization and the order of all checks. */
export const authorizationRules = [
  {
    id: 'AUTH-1.1',
    text: 'The header `Authorization` carries the AppJWT bare, without a scheme.',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-1.2',
    text: 'The header `Authorization` is accepted as `Bearer <AppJWT>` as well.',
    ...assumed(),
  },
  {
    id: 'AUTH-2',
    text: 'The header `X-LP-ON-BEHALF` carries the ConsumerJWS bare.',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-3',
    text: 'AppJWT: signed with RS256; header `typ` `JWT` and `kid` `appjwt-` with the date of the key, as in `appjwt-13-05-17`; claims `aud` = account id, `azp` = client id, `scope` = `msg.consumer`, `iss` = `Sentinel`, `iat`, and `exp` = `iat` + 3600 s (setting `token.lifetimeSeconds`).',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-4',
    text: 'ConsumerJWS: header as AUTH-3; claims exactly `account_id`, `ext_consumer_id` and `lp_consumer_id` (64 lowercase hex digits); no `iat` and no `exp`: it never expires.',
    ...documented('AUTH', 'OVERVIEW'),
  },
  {
    id: 'AUTH-4a',
    text: '`lp_consumer_id` is the same each time for the same account and `ext_consumer_id`.',
    ...assumed(),
  },
  {
    id: 'AUTH-5',
    text: 'Errors of authorization have HTTP 401 and the body `{kind:"resp", code:401, body:{title, details, errorCode}, type:".ReqBody$ErrorResp"}`. Clients are told to rely on `errorCode`.',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-6',
    text: 'The `errorCode` with its `title` and `details`: 40102 `Invalid AppJWT` / `AppJWT has expired or is invalid`; 40103 `Invalid ConsumerJWS` / `ConsumerJWS is invalid`; 40104 `ConsumerJWS is missing` / `X_ON_BEHALF_HEADER is not present`; 40105 `AppJWT is missing` / `AUTHORIZATION header is not present`.',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-7',
    text: 'For a missing AppJWT the table of AUTH-6 gives 40105, a sample on the same page 40104. Setting `missingAppJwtErrorCode`: `40105` (the default) or `40104`.',
    ...documented('AUTH'),
    contradiction: {
      sides: [
        { statement: 'A missing AppJWT has the errorCode 40105.', source: 'AUTH (table)' },
        { statement: 'A missing AppJWT has the errorCode 40104.', source: 'AUTH (sample)' },
      ],
      followed: 'A missing AppJWT has the errorCode 40105.',
      setting: 'missingAppJwtErrorCode',
    },
  },
  {
    id: 'AUTH-8',
    text: 'errorCode 40001, `Missing parameter` / `Brand Id is missing`: a mandatory claim of the AppJWT is absent, or `iss` is not `sentinel` (compared without case).',
    ...documented('AUTH'),
  },
  {
    id: 'AUTH-8a',
    text: 'The HTTP status of AUTH-8 is 400 by default, setting `missingClaimStatus`; `code` in the body follows it.',
    ...assumed(),
    contradiction: {
      sides: [
        { statement: 'The status is always 401.', source: 'AUTH' },
        { statement: 'The digits of the code 40001 mean the status 400.', source: 'AUTH' },
      ],
      followed: 'The status of 40001 is 400.',
      setting: 'missingClaimStatus',
    },
  },
  {
    id: 'AUTH-9.1',
    text: 'A consumer who touches the conversation of another consumer is answered with HTTP 401.',
    ...documented('OVERVIEW'),
  },
  {
    id: 'AUTH-9.2',
    text: 'The 401 for a consumer who touches the conversation of another consumer has the errorCode 40103.',
    ...assumed(),
  },
  {
    id: 'AUTH-10',
    text: 'An AppJWT of another account than that of the path is answered with 401 40102, a ConsumerJWS of another account with 401 40103.',
    ...assumed(),
  },
  {
    id: 'AUTH-11',
    text: 'The order of all checks: 405 → AppJWT missing → AppJWT invalid, expired or of another account → claims (40001) → ConsumerJWS missing → ConsumerJWS invalid or of another account → version 404 → 429 → 413 → 415 → JSON 40050 → array or object 40051, 40059 → type 40053 → schema 40052 → brandId 40060 → limits 40056 → conversation or dialog 40451 → owner 40103 → closed 40054 → event not taken 40055 → sequence and file 40058, 40061.',
    ...assumed(),
  },
] as const satisfies readonly Rule[]
