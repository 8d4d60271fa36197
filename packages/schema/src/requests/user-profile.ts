import * as z from 'zod'
import { oneOrMany } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'
import { requestOf } from './request.ts'
import { SdeSchema } from './sde.ts'

/** The consumer's private data. Rule: PRO-1. */
export const PrivateDataSchema = z
  .looseObject({
    mobileNum: z.string().optional(),
    mail: z.string().optional(),
    pushNotificationData: z
      .looseObject({
        serviceName: z.string().optional(),
        certName: z.string().optional(),
        token: z.string().optional(),
      })
      .optional(),
  })
  .register(schemaRules, { rule: 'PRO-1' })
export type PrivateData = z.infer<typeof PrivateDataSchema>

/** Sets the consumer's profile; the body may be `{}`. Rule: PRO-1. */
export const SetUserProfileRequestSchema = requestOf(
  'userprofile.SetUserProfile',
  z
    .looseObject({
      authenticatedData: z.looseObject({ lp_sdes: oneOrMany(SdeSchema).optional() }).optional(),
      firstName: z.string().optional(),
      lastName: z.string().optional(),
      userId: z.string().optional(),
      avatarUrl: z.string().optional(),
      role: z.string().optional(),
      backgndImgUri: z.string().optional(),
      description: z.string().optional(),
      privateData: PrivateDataSchema.optional(),
    })
    .register(schemaRules, { rule: 'PRO-1' }),
)
export type SetUserProfileRequest = z.infer<typeof SetUserProfileRequestSchema>
