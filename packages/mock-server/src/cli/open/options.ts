import type { CommandOptions } from '../options.ts'
import { connectionOptions } from '../send/options.ts'
import { startOptions } from '../start/options.ts'

/** The options of `sendbox open`. */
export const openOptions = {
  url: { ...connectionOptions.url, help: 'URL of the mock' },
  controlToken: { ...startOptions.controlToken, help: 'the control token of the mock' },
} as const satisfies CommandOptions
