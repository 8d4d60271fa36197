import type { WrongWay } from './start.ts'

/** What each wrong way looks like in a report, wherever it is met. */
export const wrongSigns: Readonly<Record<WrongWay, RegExp>> = {
  chatStatesAreNumbered: /sequence.*expected 0, received \d|sequence -> Expected \d.* equal to 0/,
  closeIsSpeltOut:
    /"Conversation is close", received "Conversation is closed"|'Conversation is close'/,
  wrongSecretIs400: /^\/status: expected 401, received 400$|^expected 401 but was 400$/,
}
