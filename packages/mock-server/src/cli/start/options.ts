import { z } from 'zod'
import { AccountsSchema } from '../../accounts/app-installs.ts'
import { AllowedOriginsSchema } from '../../http/admission.ts'
import { AllowedHostsSchema } from '../../http/host-name.ts'
import { SettingsSchema } from '../../settings.ts'
import { aSwitch, aText, type CommandOptions } from '../options.ts'

const maxPort = 65_535

/** Log levels from least to most; each includes those before it. */
const logLevels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const

const modes = SettingsSchema.shape.mode.unwrap()
const evidence = SettingsSchema.shape.minEvidence.unwrap()

const toChoice = (words: readonly string[]): string =>
  `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** The options of `sendbox start`, from which flags, environment variables, config file, help and docs/command.md are derived. */
export const startOptions = {
  port: {
    kind: 'number',
    schema: z.int().min(0).max(maxPort),
    expected: `a whole number from 0 to ${maxPort}`,
    help: 'TCP port; 0 selects a free one',
    short: '-p',
    argument: '<number>',
    default: 4020,
  },
  host: {
    ...aText,
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
    ...aText,
    expected: 'the path of a folder',
    help: 'persist the state of the accounts in a folder, across restarts',
    argument: '<folder>',
  },
  scenario: {
    ...aText,
    expected: 'the path of a JSON or YAML file',
    help: 'begin with the conversations, clock, settings, faults and bot of a scenario file, in JSON or YAML',
    argument: '<file>',
  },
  tls: {
    ...aSwitch,
    help: 'speak TLS and CONNECT on the port too, beside plain http; "sendbox ca" says how to trust its CA',
  },
  tlsCert: {
    ...aText,
    expected: 'the path of a PEM file',
    help: 'speak TLS with a certificate of your own; its intermediates follow it in the file',
    argument: '<file>',
  },
  tlsKey: {
    ...aText,
    expected: 'the path of a PEM file',
    help: 'the private key of --tls-cert',
    argument: '<file>',
  },
  caName: {
    kind: 'list',
    schema: AllowedHostsSchema,
    expected: 'host names, separated by commas',
    help: "names that a new CA may vouch for, besides LivePerson's and localhost",
    argument: '<names>',
  },
  passThrough: {
    ...aSwitch,
    help: "pass on to hosts that are not LivePerson's, for programs of this machine whose proxy the mock is; with --tls",
  },
  mode: {
    kind: 'text',
    schema: modes,
    expected: toChoice(modes.options),
    help: 'as-service also accepts what is tolerated, strict only what is documented or recorded',
    argument: '<mode>',
    default: 'as-service',
    configPath: ['settings', 'mode'],
  },
  minEvidence: {
    kind: 'text',
    schema: evidence,
    expected: toChoice(evidence.options),
    help: `respond 501 where the evidence is weaker than this: ${toChoice(evidence.options)}`,
    argument: '<level>',
    default: 'assumed',
    configPath: ['settings', 'minEvidence'],
  },
  settings: {
    kind: 'json',
    schema: SettingsSchema,
    expected: 'a JSON object of settings',
    help: 'behaviours where the public sources disagree, and limits',
    argument: '<json>',
  },
  accounts: {
    kind: 'json',
    schema: AccountsSchema,
    expected: 'a JSON object of accounts by their ids',
    help: 'accounts with their own credentials or manifest',
    argument: '<json>',
  },
  controlToken: {
    kind: 'text',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    expected: 'visible ASCII characters without blanks',
    help: 'the bearer token that the control API then requires; without one, it is closed off loopback. As a variable it stays out of the process list',
    argument: '<token>',
    isSecret: true,
  },
  allowedHosts: {
    kind: 'list',
    schema: AllowedHostsSchema,
    expected: 'host names without a port, separated by commas',
    help: 'names under which the mock may be requested, besides those of this machine and --host',
    argument: '<names>',
  },
  allowedOrigins: {
    kind: 'list',
    schema: AllowedOriginsSchema,
    expected: 'origins such as https://app.example, in lower case, separated by commas',
    help: 'origins of web pages that may call the imitated services, which refuse those of other sites',
    argument: '<origins>',
  },
  json: {
    ...aSwitch,
    help: 'print one line of JSON once the mock listens, for programs, instead of a text for people',
  },
  quiet: {
    ...aSwitch,
    help: 'print no text for people and no line for a call; warnings and errors remain',
  },
  logLevel: {
    kind: 'text',
    schema: z.enum(logLevels),
    expected: toChoice(logLevels),
    help: `how much to log on standard error: ${toChoice(logLevels)}; info has a short line for each call on a terminal, debug a full one everywhere`,
    argument: '<level>',
    default: 'info',
  },
  watch: {
    ...aSwitch,
    help: 'read the config file again when it changes: its accounts, and the settings that may change; those that were put for an account stay until a reset',
  },
  config: {
    ...aText,
    expected: 'the path of a JSON file',
    help: 'read options, settings and accounts from a JSON file',
    argument: '<file>',
    configPath: null,
  },
} as const satisfies CommandOptions
