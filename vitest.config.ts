import { configDefaults, defineConfig } from 'vitest/config'

const conditions = ['@sendbox/source', 'module', 'node', 'development|production']

const env = { PACT_DO_NOT_TRACK: 'true' }

/** The tests of `npm run test:long`, packaging aside: services besides the mock, mocks that are killed, long runs. */
const long = ['test/{stand-in,durability}/**/*.test.ts', 'test/**/*.long.test.ts']

/**
 * One project a kind of test. Contracts run in forks, one file at a time: the native part of Pact shares its log and its pact
 * files with whatever runs beside it. The pacts are written before the files that check them are read. Packaging
 * tests the tarballs of an unbuilt copy of the checkout, on the other Nodes too; it runs on its own. Unit and socket
 * tests share what they import: loading it again for each of some 150 files took longer than many of the tests.
 */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/vitest.json' },
    // More than there are cores, as many tests wait for a process: three of the two that a CI machine has. The default would be one.
    maxWorkers: '150%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          isolate: false,
          testTimeout: 30_000,
          include: ['packages/*/test/unit/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'socket',
          isolate: false,
          testTimeout: 30_000,
          include: ['packages/*/test/socket/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'journey',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/{packaging,nodes}/**', ...long],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: { name: 'long', include: long, testTimeout: 120_000 },
      },
      {
        extends: true,
        // The lowest zod of schema's peer range.
        resolve: { alias: [{ find: /^zod(?=$|\/)/, replacement: 'zod-lowest' }] },
        test: {
          name: 'lowest-zod',
          isolate: false,
          testTimeout: 30_000,
          include: ['packages/schema/test/unit/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'traces',
          isolate: false,
          include: ['contracts/test/{cli,mutants,report,traces,verify}/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'consumer',
          globalSetup: 'contracts/test/generated-pacts.ts',
          include: ['contracts/test/consumer/**/*.test.ts'],
          env,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'provider',
          include: ['contracts/test/provider/**/*.test.ts'],
          env,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 90_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'packaging',
          globalSetup: 'test/packaging/consumer-folder.ts',
          include: ['test/{packaging,nodes}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
