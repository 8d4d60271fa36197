/**
 * Offenders of the architecture test that are not removed yet. The list only shrinks: an entry that no longer offends fails the test,
 * and so does an offender that has no entry.
 */
export const knownOffenders: Readonly<
  Record<
    'cycles' | 'upward' | 'emptyRooms' | 'thinFiles' | 'fullFolders' | 'longFiles',
    readonly string[]
  >
> = {
  cycles: [
    'packages/schema/src/fixtures/documented-examples.ts → packages/schema/src/fixtures/event-examples.ts → packages/schema/src/fixtures/documented-examples.ts',
    'packages/schema/src/fixtures/documented-examples.ts → packages/schema/src/fixtures/notification-examples.ts → packages/schema/src/fixtures/documented-examples.ts',
    'packages/schema/src/fixtures/documented-examples.ts → packages/schema/src/fixtures/request-examples.ts → packages/schema/src/fixtures/documented-examples.ts',
    'packages/schema/src/fixtures/documented-examples.ts → packages/schema/src/fixtures/response-examples.ts → packages/schema/src/fixtures/documented-examples.ts',
    'packages/schema/src/fixtures/documented-examples.ts → packages/schema/src/fixtures/service-examples.ts → packages/schema/src/fixtures/documented-examples.ts',
  ],
  upward: [],
  emptyRooms: [],
  thinFiles: [
    'packages/schema/src/primitives/result.ts (4) ← packages/schema/src/index.ts',
    'packages/schema/src/requests/client-properties.ts (37) ← packages/schema/src/index.ts',
    'packages/mock-server/src/control/router.ts (26) ← packages/mock-server/src/app/create-app.ts',
    'packages/mock-server/src/webhooks/slow-endpoints.ts (33) ← packages/mock-server/src/webhooks/install-dispatcher.ts',
  ],
  fullFolders: [],
  longFiles: [],
}
