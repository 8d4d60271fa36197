/** One package: what it may import, and the order of its rooms. */
export interface Package {
  readonly name: string
  readonly folder: string
  /** Packages that its `src` may import, by name. */
  readonly mayImport: readonly string[]
  /**
   * Rooms from top to bottom: `http/` is a folder with all below it, `index` a file at the root of `src`. A room imports rooms of lower
   * floors only, types included; rooms of one floor do not import each other.
   */
  readonly floors: readonly (readonly string[])[]
  /** Files that `package.json`, a build or a child process names, so that no importer shows their use. */
  readonly entries: readonly string[]
}

export const packages: readonly Package[] = [
  {
    name: '@sendbox/schema',
    folder: 'packages/schema',
    mayImport: [],
    floors: [
      ['arbitraries'],
      ['arbitraries/', 'fixtures'],
      ['fixtures/'],
      ['index', 'zod3'],
      ['operations', 'parse/', 'to-json-schema'],
      ['notifications/', 'responses/', 'services/'],
      ['requests/'],
      ['events/'],
      ['primitives/'],
      ['rules/', 'signature'],
    ],
    entries: ['arbitraries', 'fixtures', 'index', 'signature', 'to-json-schema', 'zod3'],
  },
  {
    name: '@sendbox/mock-server',
    folder: 'packages/mock-server',
    mayImport: ['@sendbox/schema'],
    floors: [
      ['sendbox'],
      ['cli/', 'index', 'control', 'vitest', 'model', 'run'],
      ['control-client/', 'run/'],
      ['app/'],
      ['control/', 'dashboard/', 'proxy/'],
      ['scenario/'],
      ['http/'],
      ['persistence/'],
      ['handle/', 'lifecycle/'],
      ['services'],
      ['agent/', 'webhooks/'],
      ['store/', 'faults/', 'events/'],
      ['accounts/'],
      ['tls/', 'tokens/', 'updates'],
      ['journal/', 'notifications/'],
      ['model/', 'files/', 'metrics', 'settings', 'logger'],
      ['parse-input', 'package-file', 'dashboard-path', 'fifo', 'service-domains', 'whole-file'],
      ['redact/'],
    ],
    entries: ['cli/main', 'control', 'index', 'model', 'run', 'sendbox', 'vitest'],
  },
  {
    name: '@sendbox/client',
    folder: 'packages/client',
    mayImport: ['@sendbox/schema'],
    floors: [
      ['index'],
      ['create-client'],
      ['consumer'],
      ['conversation/'],
      ['files/'],
      ['send/'],
      ['session/'],
      ['call-options', 'client-options'],
      ['call/', 'webhooks/'],
      ['errors/', 'checks', 'lru-map'],
      ['log'],
    ],
    entries: ['index'],
  },
  {
    name: '@sendbox/dashboard',
    folder: 'packages/dashboard',
    mayImport: ['@sendbox/schema', '@sendbox/mock-server'],
    floors: [
      ['main'],
      ['app/'],
      ['conversations/', 'calls/', 'webhooks/', 'trouble/', 'verify/', 'rules/'],
      ['parts/'],
      ['live/'],
    ],
    entries: ['main'],
  },
  {
    name: '@sendbox/contracts',
    folder: 'contracts',
    mayImport: ['@sendbox/schema', '@sendbox/mock-server', '@sendbox/client'],
    floors: [
      ['sendbox-contracts'],
      ['cli/', 'index'],
      ['broker/', 'report/', 'record/'],
      ['verify/'],
      ['pact/', 'traces/'],
      ['proxy', 'find-operation', 'secrets'],
      ['json', 'loopback-server'],
    ],
    entries: ['cli/run', 'index', 'sendbox-contracts'],
  },
]

/** Most TypeScript files that lie directly in one folder. */
export const maxFilesPerFolder = 18

/** Most lines of a file in `src`, and of a test. */
export const maxSourceLines = 300
export const maxTestLines = 400

/** A file in `src` below this many lines with one importer belongs into its importer. */
export const minLinesOfOneImporter = 40

/** Rooms whose files are small on purpose: one error class, one route, one command each. */
export const roomsOfSmallFiles: readonly string[] = ['errors', 'routes', 'commands']
