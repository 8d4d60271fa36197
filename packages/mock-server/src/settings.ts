import { X509Certificate } from 'node:crypto'
import { boundedArray, defaultLimits } from '@sendbox/schema'
import { z } from 'zod'

/** Whether a text has certificates as PEM, and no damaged one. */
function isPem(text: string): boolean {
  const blocks = text.split(/(?=-----BEGIN )/).filter(block => block.startsWith('-----BEGIN '))
  try {
    return blocks.map(block => new X509Certificate(block)).length > 0
  } catch {
    return false
  }
}

/** Default maximum number of values in a JSON body, far above any documented request. */
export const defaultJsonValues = 10_000

/**
 * Behaviours that the public sources disagree on or do not specify. Every setting has a default; `{}` is valid.
 */
export const SettingsSchema = z.strictObject({
  domainApi: z
    .strictObject({
      /**
       * Body of the response for one service: the object itself, `{baseURIs:[…]}` or a bare array. Rule: EP-5.
       * @default 'object'
       */
      single: z.enum(['object', 'baseURIs', 'array']).default('object'),
      /**
       * The hosts that the Domain API names: that of the request for all services, or one of its own for each, in LivePerson's form and
       * without a port, which then serves the paths of its service alone. They lead to the mock under `sendbox run`. Rules: EP-8.5, EP-8.6.
       * @default 'asked'
       */
      hosts: z.enum(['asked', 'production']).default('asked'),
      /**
       * Whether the host of the request is that of `X-Forwarded-Host`, with the scheme of `X-Forwarded-Proto`: behind a proxy. The control
       * API and the check of web pages never believe them. Rule: EP-5.3.
       * @default false
       */
      trustProxy: z.boolean().default(false),
      /**
       * Accounts for which the Domain API responds with 401. Rule: EP-7.
       * @default []
       */
      unknownAccounts: z.array(z.string()).default([]),
    })
    .prefault({}),
  token: z
    .strictObject({
      /**
       * Whether the token response has `expires_in`. Rule: EP-11.
       * @default true
       */
      expiresIn: z.boolean().default(true),
      /**
       * Lifetime of an AppJWT, in seconds; a short one shows whether a connector renews its token in time. Rule: AUTH-3.
       * @default 3600
       */
      lifetimeSeconds: z.int().min(1).default(3600),
    })
    .prefault({}),
  /**
   * Who may log in as an agent: anybody who asks the mock on a loopback address, anybody, or nobody. Rule: EP-18.
   * @default 'loopback'
   */
  agentLogin: z.enum(['loopback', 'everybody', 'nobody']).default('loopback'),
  /**
   * The error of a request without an AppJWT. Rule: AUTH-7.
   * @default 40105
   */
  missingAppJwtErrorCode: z.literal([40105, 40104]).default(40105),
  /**
   * The HTTP status of errorCode 40001. Rule: AUTH-8a.
   * @default 400
   */
  missingClaimStatus: z.literal([400, 401]).default(400),
  /**
   * `strict` accepts what is documented or recorded; `as-service` also what is tolerated or assumed.
   * @default 'as-service'
   */
  mode: z.enum(['as-service', 'strict']).default('as-service'),
  /**
   * Maximum transcript entries per conversation; older ones are evicted and counted. `null`: unlimited.
   * @default 10_000
   */
  transcriptEntries: z.int().min(1).nullable().default(10_000),
  journal: z
    .strictObject({
      /**
       * Maximum journal records per account; older ones are evicted and counted. 0 records nothing.
       * @default 10_000
       */
      entries: z.int().min(0).default(10_000),
      /**
       * Maximum size of the journals of all accounts together, in bytes; the oldest records are evicted and counted.
       * @default 134_217_728
       */
      totalBytes: z.int().min(0).default(134_217_728),
    })
    .prefault({}),
  events: z
    .strictObject({
      /**
       * Maximum number of events that are kept of each stream of events, for readers that come back.
       * @default 10_000
       */
      entries: z.int().min(1).default(10_000),
    })
    .prefault({}),
  /** Limits of files, texts and rate, and the accepted file types. Rules: PUB-2, PUB-4, PUB-5. */
  limits: z
    .strictObject({
      /**
       * Maximum size of a file, in bytes.
       * @default 3_145_728
       */
      fileBytes: z.int().min(0).default(defaultLimits.fileBytes),
      /**
       * Exclusive maximum length of a preview, its whole data URL, in characters.
       * @default 30_720
       */
      previewCharacters: z.int().min(0).default(defaultLimits.previewCharacters),
      /**
       * Maximum length of a text, in characters; `null`: unlimited.
       * @default null
       */
      textLength: z.int().min(0).nullable().default(defaultLimits.textLength),
      /**
       * Maximum number of values in a JSON body: each object, array, text, number, boolean and `null`. A body with more is refused
       * with 413 before it is validated.
       * @default 10_000
       */
      jsonValues: z.int().min(1).default(defaultJsonValues),
      /**
       * Maximum calls of SEND and CONVERSATION per account and second of its clock; further ones get 429. `null`: unlimited. Rule: RES-8.
       * @default null
       */
      requestsPerSecond: z.int().min(0).nullable().default(null),
      /**
       * Accepted file types.
       * @default ['JPG', 'JPEG', 'PNG', 'GIF']
       */
      fileTypes: boundedArray(z.string().min(1)).default([...defaultLimits.fileTypes]),
    })
    .prefault({}),
  /**
   * Whether responses name their rules and their weakest evidence, in `x-sendbox-rules` and `x-sendbox-evidence`. Rule: RES-9.
   * @default true
   */
  evidenceHeaders: z.boolean().default(true),
  /**
   * Whether refusals say in `x-sendbox-hint` what is wrong and what was probably meant. Rule: RES-9a.
   * @default true
   */
  hintHeader: z.boolean().default(true),
  /**
   * Minimum evidence: a call that weaker rules decide gets 501 50150 and has no effect. Rule: RES-9.
   * @default 'assumed'
   */
  minEvidence: z.enum(['documented', 'recorded', 'tolerated', 'assumed']).default('assumed'),
  /**
   * Response to a second conversation of a consumer who has an open one: an error, the open one, or a new one. Rule: CON-4.
   * @default 'reject'
   */
  secondConversation: z.enum(['reject', 'reuse', 'allow']).default('reject'),
  /**
   * Whether a survey follows a closed main dialog, where the conversation has a skill and the client named MULTI_DIALOG. Rule: UPD-3a.
   * @default false
   */
  survey: z.boolean().default(false),
  /**
   * Whether a text or an `ext_consumer_id` such as `sendbox:status=503` injects a fault; docs/faults.md lists them.
   * @default false
   */
  magicValues: z.boolean().default(false),
  /** The message that follows the first one of a consumer whose client named AUTO_MESSAGES. Rules: LIF-8, LIF-8a. */
  autoMessages: z
    .strictObject({
      /**
       * Whether the account has automatic messages.
       * @default false
       */
      enabled: z.boolean().default(false),
      /**
       * Text of the message.
       * @default 'Thank you for your message. An agent will be with you soon.'
       */
      text: z.string().default('Thank you for your message. An agent will be with you soon.'),
    })
    .prefault({}),
  errors: z
    .strictObject({
      /**
       * The `body` of an error with status 400: title, details and errorCode, or the details as text. Rule: RES-6.
       * @default 'object'
       */
      body: z.enum(['object', 'string']).default('object'),
    })
    .prefault({}),
  /** Content and signature of notifications, and timeouts of endpoints. */
  webhooks: z
    .strictObject({
      /**
       * Whether numbered events carry `messageAudience: "ALL"`. Rule: WH-4a.
       * @default true
       */
      messageAudience: z.boolean().default(true),
      /**
       * Whether a message in a survey dialog also sends `cqm.ExConversationChangeNotification`. Rule: WH-7a.
       * @default false
       */
      surveyExConversation: z.boolean().default(false),
      /**
       * Hash algorithm of the signature. Rule: WH-3.
       * @default 'sha1'
       */
      signature: z.enum(['sha1', 'sha256']).default('sha1'),
      /**
       * Encoding of the signature. Rule: WH-3.
       * @default 'base64'
       */
      signatureEncoding: z.enum(['base64', 'hex']).default('base64'),
      /**
       * Form of notifications: that of recordings of 2022, or of the examples of 2018, which lack `conversationId`, skill, dialogs, stage
       * and `effectiveTTR`. Rule: WH-4.
       * @default '2022'
       */
      form: z.enum(['2022', '2018']).default('2022'),
      /**
       * Connect timeout of an endpoint, in ms of wall time. Rule: WH-9.
       * @default 5000
       */
      connectTimeoutMs: z.int().min(1).default(5000),
      /**
       * Response timeout of an endpoint, in ms of wall time. Rule: WH-9.
       * @default 5000
       */
      readTimeoutMs: z.int().min(1).default(5000),
      /**
       * Further CAs that https endpoints may have their certificates from, as PEM: one certificate or more, beside those that Node
       * trusts anyway. For endpoints with a private CA. `null`: none.
       * @default null
       */
      ca: z
        .string()
        .refine(isPem, 'certificates as PEM text, one or more, each of them whole')
        .nullable()
        .default(null),
      /**
       * Maximum deliveries in the log of an account; older ones are evicted and counted.
       * @default 10_000
       */
      deliveries: z.int().min(1).default(10_000),
    })
    .prefault({}),
})

/** Settings with defaults applied. */
export type Settings = z.output<typeof SettingsSchema>
/** The settings of webhooks. */
export type WebhookSettings = Settings['webhooks']
/** Settings as a user writes them; every one is optional. */
export type SettingsInput = z.input<typeof SettingsSchema>

/** Applies the defaults; throws a `TypeError` that lists all problems. */
export function parseSettings(input: SettingsInput): Settings {
  const result = SettingsSchema.safeParse(input)
  if (result.success) return result.data
  throw new TypeError(`The settings are not valid:\n${z.prettifyError(result.error)}`)
}
