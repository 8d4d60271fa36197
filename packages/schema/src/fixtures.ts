import { eventExamples } from './fixtures/event-examples.ts'
import { eventSamples } from './fixtures/event-samples.ts'
import {
  createFixture,
  type DocumentedExample,
  type Fixture,
  type InputOf,
  type Sample,
  type Samples,
  type SchemaName,
} from './fixtures/fixture.ts'
import { notificationExamples } from './fixtures/notification-examples.ts'
import { notificationSamples } from './fixtures/notification-samples.ts'
import { profileSamples } from './fixtures/profile-samples.ts'
import { requestExamples } from './fixtures/request-examples.ts'
import { conversationFieldSamples, requestSamples } from './fixtures/request-samples.ts'
import { responseExamples } from './fixtures/response-examples.ts'
import { responseSamples } from './fixtures/response-samples.ts'
import { serviceExamples } from './fixtures/service-examples.ts'
import { serviceSamples } from './fixtures/service-samples.ts'

export type {
  DocumentedExample,
  Fixture,
  InputOf,
  Overrides,
  SchemaName,
} from './fixtures/fixture.ts'

const samples: Samples = {
  ...responseSamples,
  ...conversationFieldSamples,
  ...eventSamples,
  ...notificationSamples,
  ...profileSamples,
  ...requestSamples,
  ...serviceSamples,
}

/** A fixture of each schema by its name without its ending: `fixtures.ChatStateEvent.smallest()`. */
export type Fixtures = { readonly [Name in SchemaName]: Fixture<InputOf<Name>> }

/**
 * The smallest and the fullest valid value of every schema; a union's are those of its smallest and its fullest option.
 *
 * @example
 * ```ts
 * import { fixtures } from '@sendbox/schema/fixtures'
 *
 * console.log(fixtures.ChatStateEvent.smallest({ chatState: 'GONE' })) // { type: 'ChatStateEvent', chatState: 'GONE' }
 * ```
 */
export const fixtures = Object.fromEntries(
  Object.entries<Sample<unknown>>(samples).map(([name, sample]) => [name, createFixture(sample)]),
) as unknown as Fixtures

/** Every example of the public material, with the rule that it shows. */
export const documentedExamples: readonly DocumentedExample[] = [
  ...eventExamples,
  ...requestExamples,
  ...responseExamples,
  ...notificationExamples,
  ...serviceExamples,
]
