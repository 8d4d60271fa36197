import type { WrongWay } from './start.ts'

/** The text by which each wrong way shows in a report. */
export const wrongSigns: Readonly<Record<WrongWay, RegExp>> = {
  chatStatesAreNumbered: /sequence.*expected 0, received \d|sequence -> Expected \d.* equal to 0/,
  closeIsSpeltOut:
    /"Conversation is close", received "Conversation is closed"|'Conversation is close'/,
  wrongSecretIs400: /^\/status: expected 401, received 400$|^expected 401 but was 400$/,
}
