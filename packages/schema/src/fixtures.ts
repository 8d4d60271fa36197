import { eventSamples } from './fixtures/event-samples.ts'
import type { InputOf, SchemaName } from './fixtures/fixture.ts'
import { createFixture, type Fixture, type Sample, type Samples } from './fixtures/fixture.ts'
import { notificationSamples } from './fixtures/notification-samples.ts'
import { profileSamples } from './fixtures/profile-samples.ts'
import { conversationFieldSamples, requestSamples } from './fixtures/request-samples.ts'
import { answerSamples } from './fixtures/response-samples.ts'
import { serviceSamples } from './fixtures/service-samples.ts'

export { type DocumentedExample, documentedExamples } from './fixtures/documented-examples.ts'
export type { Fixture, InputOf, Overrides, SchemaName } from './fixtures/fixture.ts'

const samples: Samples = {
  ...answerSamples,
  ...conversationFieldSamples,
  ...eventSamples,
  ...notificationSamples,
  ...profileSamples,
  ...requestSamples,
  ...serviceSamples,
}

/** A fixture of each schema by its name without its ending: `fixtures.ChatStateEvent.smallest()`. */
export type Fixtures = { readonly [Name in SchemaName]: Fixture<InputOf<Name>> }

/** The smallest and the fullest valid value of every schema; a union's are those of its smallest and its fullest option. */
export const fixtures = Object.fromEntries(
  Object.entries<Sample<unknown>>(samples).map(([name, sample]) => [name, createFixture(sample)]),
) as unknown as Fixtures
