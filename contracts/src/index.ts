export { interactions } from './pact/interactions.ts'
export { type PactFile, readPactFile, toCommittedText } from './pact/pact-file.ts'
export { type ProviderState, type ProviderStateValues, providerStates } from './pact/states.ts'
export {
  type Provider,
  type StateHandler,
  type VerifyOptions,
  type VerifyResult,
  verifyPacts,
} from './verify/verify-pacts.ts'
