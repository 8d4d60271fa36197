import { z } from 'zod'
import type { CommandOptions } from '../options.ts'
import { connectionOptions } from '../send/options.ts'
import { startOptions } from '../start/options.ts'

/** The forms in which variables are printed. */
export const formatNames = ['sh', 'powershell', 'lines', 'json'] as const

/** The options of `sendbox env`. */
export const envOptions = {
  url: {
    ...connectionOptions.url,
    schema: z.url({ protocol: /^http$/ }),
    expected: 'a URL of http',
    help: 'URL of the mock',
  },
  data: { ...startOptions.data, help: 'the data folder of the mock, which has its CA' },
  tlsCert: { ...startOptions.tlsCert, help: 'the certificate that the mock was started with' },
  format: {
    kind: 'text',
    schema: z.enum(formatNames),
    expected: 'sh, powershell, lines or json',
    help: 'sh, powershell, lines (NAME=value, for $GITHUB_ENV and docker --env-file) or json',
    argument: '<format>',
    default: 'sh',
  },
} as const satisfies CommandOptions
