import { z } from 'zod'
import { AccountsSchema } from '../../accounts/app-installs.ts'
import { SettingsSchema } from '../../settings.ts'
import type { CommandOptions } from '../options.ts'

const maxPort = 65_535

/** How much is logged, from nothing to all; a level shows those before it too. */
const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const

const modes = SettingsSchema.shape.mode.unwrap()
const evidence = SettingsSchema.shape.minEvidence.unwrap()

const toChoice = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** All that `sendbox start` can be told: flags, environment variables, the config file, the help and docs/command.md are made of this. */
export const startOptions = {
  port: {
    kind: 'number',
    schema: z.int().min(0).max(maxPort),
    expected: `a whole number from 0 to ${maxPort}`,
    help: 'TCP port; 0 takes a free one',
    short: '-p',
    argument: '<number>',
    default: 4020,
  },
  host: {
    kind: 'text',
    schema: z.string().min(1),
    expected: 'an address of this machine',
    help: 'address to listen on',
    argument: '<address>',
    default: '127.0.0.1',
  },
  seed: {
    kind: 'text',
    schema: z.string(),
    expected: 'a text',
    help: 'make ids repeatable: the same seed and calls give the same ids',
    argument: '<text>',
  },
  data: {
    kind: 'text',
    schema: z.string().min(1),
    expected: 'the path of a folder',
    help: 'keep what the accounts are in a folder, so that it is there again after a restart',
    argument: '<folder>',
  },
  mode: {
    kind: 'text',
    schema: modes,
    expected: toChoice(modes.options),
    help: 'as-service takes what is tolerated too, strict only what is documented or recorded',
    argument: '<mode>',
    default: 'as-service',
    configPath: ['settings', 'mode'],
  },
  minEvidence: {
    kind: 'text',
    schema: evidence,
    expected: toChoice(evidence.options),
    help: `answer 501 where it is known less well than this what the service answers: ${toChoice(evidence.options)}`,
    argument: '<level>',
    default: 'assumed',
    configPath: ['settings', 'minEvidence'],
  },
  settings: {
    kind: 'json',
    schema: SettingsSchema,
    expected: 'a JSON object of settings',
    help: 'which side to take where the public material contradicts itself, and limits',
    argument: '<json>',
  },
  accounts: {
    kind: 'json',
    schema: AccountsSchema,
    expected: 'a JSON object of accounts by their ids',
    help: 'accounts whose apps have credentials or a manifest of their own',
    argument: '<json>',
  },
  controlToken: {
    kind: 'text',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    expected: 'visible ASCII characters without blanks',
    help: 'the bearer token that opens the control API off loopback; without it, it is closed there',
    argument: '<token>',
    isSecret: true,
  },
  json: {
    kind: 'switch',
    schema: z.boolean(),
    expected: 'true or false',
    help: 'print one line of JSON once the mock listens, for programs, instead of a text for people',
  },
  logLevel: {
    kind: 'text',
    schema: z.enum(logLevels),
    expected: toChoice(logLevels),
    help: `how much to log on standard error: ${toChoice(logLevels)}; debug has a line for each call`,
    argument: '<level>',
    default: 'info',
  },
  config: {
    kind: 'text',
    schema: z.string().min(1),
    expected: 'the path of a JSON file',
    help: 'read options, settings and accounts from a JSON file',
    argument: '<file>',
    configPath: null,
  },
} as const satisfies CommandOptions
