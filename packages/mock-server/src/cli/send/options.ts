import { z } from 'zod'
import { aSwitch, aText, type CommandOptions } from '../options.ts'

/** The service, the app and the consumer of `sendbox send`, `token` and `curl`; also environment variables, which keep secrets out of the command line. */
export const connectionOptions = {
  url: {
    kind: 'text',
    schema: z.url({ protocol: /^https?$/ }),
    expected: 'a URL of http or https',
    help: 'base URL of the Domain API, which lists the services',
    argument: '<url>',
    default: 'http://127.0.0.1:4020',
  },
  account: { ...aText, help: 'account id', argument: '<id>', default: '12345678' },
  clientId: {
    ...aText,
    help: 'client id of the app',
    argument: '<id>',
    default: 'sendbox-client',
  },
  clientSecret: {
    ...aText,
    help: 'client secret of the app',
    argument: '<secret>',
    default: 'sendbox-secret',
    isSecret: true,
  },
  consumer: {
    ...aText,
    help: 'your own id of the consumer (ext_consumer_id) (default: a new one)',
    argument: '<id>',
  },
} as const satisfies CommandOptions

/** The format of `sendbox token`. */
export const tokenOptions = {
  json: { ...aSwitch, help: 'print them as one line of JSON, for programs' },
} as const satisfies CommandOptions

const conversation = {
  ...aText,
  help: 'conversation of the consumer (default: a new one)',
  argument: '<id>',
} as const

/** The message of `sendbox curl`. */
export const curlOptions = { conversation } as const satisfies CommandOptions

/** The message of `sendbox send`, and the format of its output. */
export const messageOptions = {
  conversation,
  chatState: {
    ...aText,
    help: 'send a chat state: ACTIVE, INACTIVE, GONE, COMPOSING or PAUSE',
    argument: '<state>',
  },
  accept: {
    ...aText,
    schema: z.string().regex(/^\d+(,\d+)*$/),
    expected: 'sequence numbers with commas between them',
    help: 'send a receipt for these sequence numbers',
    argument: '<numbers>',
  },
  close: { ...aSwitch, help: 'close the conversation' },
  type: {
    ...aText,
    help: 'type of the request that --body belongs to (default: ms.PublishEvent)',
    argument: '<type>',
  },
  body: {
    ...aText,
    help: "body of the request as JSON; @file reads a file, - standard input; the conversation's id is filled in",
    argument: '<json>',
  },
  json: { ...aSwitch, help: 'print one line of JSON, for programs' },
  verbose: {
    ...aSwitch,
    help: 'show each call on standard error; tokens and secrets are never shown',
  },
} as const satisfies CommandOptions
