import { defaultLimits } from '@sendbox/schema'
import { z } from 'zod'

/**
 * How the mock answers where the public material contradicts itself, or says nothing.
 * Every setting has a default, so that `{}` is valid.
 */
export const SettingsSchema = z.strictObject({
  domainApi: z
    .strictObject({
      /**
       * The shape of the answer for one service: the object itself, `{baseURIs:[…]}` or a bare array. Rule: EP-5.
       * @default 'object'
       */
      single: z.enum(['object', 'baseURIs', 'array']).default('object'),
      /**
       * Accounts that the Domain API answers with 401. Rule: EP-7.
       * @default []
       */
      unknownAccounts: z.array(z.string()).default([]),
    })
    .prefault({}),
  token: z
    .strictObject({
      /**
       * Whether the token answer has `expires_in`. Rule: EP-11.
       * @default true
       */
      expiresIn: z.boolean().default(true),
    })
    .prefault({}),
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
   * `strict` takes what is documented or recorded; `as-service` also what is tolerated or assumed.
   * @default 'as-service'
   */
  mode: z.enum(['as-service', 'strict']).default('as-service'),
  /**
   * How many entries the transcript of a conversation keeps; older ones are dropped and counted. `null` keeps all.
   * @default 10_000
   */
  transcriptEntries: z.int().min(1).nullable().default(10_000),
  journal: z
    .strictObject({
      /**
       * How many requests the journal of an account keeps; older ones are dropped and counted. 0 keeps none.
       * @default 10_000
       */
      entries: z.int().min(0).default(10_000),
    })
    .prefault({}),
  /** How large files and texts may be, and which files are taken. Rules: PUB-2, PUB-4, PUB-5. */
  limits: z
    .strictObject({
      /**
       * The largest file, in bytes.
       * @default 3_145_728
       */
      fileBytes: z.int().min(0).default(defaultLimits.fileBytes),
      /**
       * The whole data URL of a preview must be shorter than this, in characters.
       * @default 30_720
       */
      previewCharacters: z.int().min(0).default(defaultLimits.previewCharacters),
      /**
       * The longest text, in characters; `null` for none.
       * @default null
       */
      textLength: z.int().min(0).nullable().default(defaultLimits.textLength),
      /**
       * How many calls of SEND and CONVERSATION an account may make in a second of its clock; more are 429. `null` for any number. Rule: RES-8.
       * @default null
       */
      requestsPerSecond: z.int().min(0).nullable().default(null),
      /**
       * The file types that are taken.
       * @default ['JPG', 'JPEG', 'PNG', 'GIF']
       */
      fileTypes: z.array(z.string().min(1)).default([...defaultLimits.fileTypes]),
    })
    .prefault({}),
  /**
   * Whether answers name their rules and the weakest evidence among them, in `x-sendbox-rules` and `x-sendbox-evidence`. Rule: RES-9.
   * @default true
   */
  evidenceHeaders: z.boolean().default(true),
  /**
   * Answers that are known less well than this become 501 50150, and nothing is done. Rule: RES-9.
   * @default 'assumed'
   */
  minEvidence: z.enum(['documented', 'recorded', 'tolerated', 'assumed']).default('assumed'),
  /**
   * What a second conversation of a consumer who has an open one comes to: an error, the open one, or another one. Rule: CON-4.
   * @default 'reject'
   */
  secondConversation: z.enum(['reject', 'reuse', 'allow']).default('reject'),
  /**
   * Whether a survey follows a closed main dialog, where the conversation has a skill and the client named MULTI_DIALOG. Rule: UPD-3a.
   * @default false
   */
  survey: z.boolean().default(false),
  /**
   * Whether a text or an `ext_consumer_id` such as `sendbox:status=503` calls for a fault; docs/faults.md lists them.
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
       * What the message says.
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
  /** What webhooks are told, how it is signed, and how long an endpoint is waited for. */
  webhooks: z
    .strictObject({
      /**
       * Whether numbered events carry `messageAudience: "ALL"`. Rule: WH-4a.
       * @default true
       */
      messageAudience: z.boolean().default(true),
      /**
       * Whether a message of a survey dialog sends `cqm.ExConversationChangeNotification` as well. Rule: WH-7a.
       * @default false
       */
      surveyExConversation: z.boolean().default(false),
      /**
       * The hash under the signature. Rule: WH-3.
       * @default 'sha1'
       */
      signature: z.enum(['sha1', 'sha256']).default('sha1'),
      /**
       * How long an endpoint may take to be connected to, in ms of wall time. Rule: WH-9.
       * @default 5000
       */
      connectTimeoutMs: z.int().min(1).default(5000),
      /**
       * How long an endpoint may take to answer, in ms of wall time. Rule: WH-9.
       * @default 5000
       */
      readTimeoutMs: z.int().min(1).default(5000),
      /**
       * How many deliveries the log of an account keeps; older ones are dropped from it and counted.
       * @default 10_000
       */
      deliveries: z.int().min(1).default(10_000),
    })
    .prefault({}),
})

/** All settings, with their defaults filled in. */
export type Settings = z.output<typeof SettingsSchema>
/** The settings of webhooks. */
export type WebhookSettings = Settings['webhooks']
/** Settings as a user writes them: only what differs from the defaults. */
export type SettingsInput = z.input<typeof SettingsSchema>

/** Fills in the defaults; throws a `TypeError` that names what is wrong. */
export function parseSettings(input: SettingsInput): Settings {
  const result = SettingsSchema.safeParse(input)
  if (result.success) return result.data
  throw new TypeError(`The settings are not valid:\n${z.prettifyError(result.error)}`)
}
