import type { CommandOptions } from '../options.ts'
import { aSwitch, aText } from '../options.ts'
import { connectionOptions } from '../send/options.ts'
import { startOptions } from '../start/options.ts'

/** The options of `sendbox tail`. */
export const tailOptions = {
  url: { ...connectionOptions.url, help: 'URL of the mock' },
  account: { ...aText, help: 'events of one account (default: all)', argument: '<id>' },
  conversation: { ...aText, help: 'events of one conversation', argument: '<id>' },
  consumer: { ...aText, help: 'events of one consumer (ext_consumer_id)', argument: '<id>' },
  problems: { ...aSwitch, help: 'only calls and deliveries that are a problem' },
  controlToken: { ...startOptions.controlToken, help: 'the control token of the mock' },
  json: { ...aSwitch, help: 'print one line of JSON for each event, for programs' },
} as const satisfies CommandOptions
