import type { CommandOptions } from '../options.ts'
import { startOptions } from '../start/options.ts'

/** The options of the mock that have a value where no source gives one. */
export const runDefaults = {
  port: 0,
  host: '127.0.0.1',
  json: false,
  logLevel: 'warn',
  // The program reaches the hosts that production has, so that a connector that assumes one host for all services is noticed.
  settings: { domainApi: { hosts: 'production' } },
} as const

const {
  tls: _tls,
  passThrough: _passThrough,
  quiet: _quiet,
  watch: _watch,
  ...mockOptions
} = startOptions

/** The options of `sendbox run`: those of the mock, which speaks TLS and passes on to other hosts in any case. */
export const runOptions: CommandOptions = {
  ...mockOptions,
  port: { ...startOptions.port, default: runDefaults.port },
  logLevel: { ...startOptions.logLevel, default: runDefaults.logLevel },
  json: {
    ...startOptions.json,
    help: 'print what the mock saw as one line of JSON, the last one of standard error',
  },
}
