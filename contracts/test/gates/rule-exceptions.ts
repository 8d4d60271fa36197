import type { RuleId } from '@sendbox/schema'

const own = 'Sendbox has it, the service does not'
const inRows = 'the rows of test/rules show it:'

/** Rules that neither an interaction nor a trace shows, each with the reason. */
export const ruleExceptions: Readonly<Partial<Record<RuleId, string>>> = {
  'EP-8.2': own,
  'RES-9': own,
  'SEQ-6': `${own}; the tests of the model show it with calls in flight`,
  'UPD-3a.2': `${own}; traces about surveys set it`,
  'WH-12.2': own,
  'WH-13': own,
  'AUTH-8': `${inRows} no client holds a signed AppJWT that lacks a claim`,
  'AUTH-8a': `${inRows} no client holds a signed AppJWT that lacks a claim`,
  'URL-3.2': `${inRows} day and month are told apart only by a clock that is set`,
  'RES-1b': 'assumed, and no client depends on the character set',
  'RES-8.1': `${inRows} a contract that floods a service would do harm`,
  'RES-8.2': `${inRows} a contract that floods a service would do harm`,
  'SEQ-5': 'a contradiction that is not imitated',
  'WH-10.2': 'a manifest is no call of the API; the tests of the mock show it',
  'WH-12.1': 'it takes minutes of a slow endpoint; the tests of the mock show it by the clock',
}
