import * as z from 'zod'
import { oneOrMany, typeOtherThan } from '../primitives/one-or-many.ts'
import { schemaRules } from '../primitives/rule-metadata.ts'

const AuthSchema = z.looseObject({
  amr: oneOrMany(z.string()).optional(),
  iss: z.string().optional(),
})

const DateSchema = z.looseObject({ day: z.int(), month: z.int(), year: z.int() })

/** Data about the customer, all optional. Rule: PRO-2. */
export const CustomerInfoSchema = z
  .looseObject({
    ctype: z.string().optional(),
    cstatus: z.string().optional(),
    customerId: z.string().optional(),
    socialId: z.string().optional(),
    imei: z.string().optional(),
    userName: z.string().optional(),
    accountName: z.string().optional(),
    role: z.string().optional(),
    currency: z.string().optional(),
    companyBranch: z.string().optional(),
    storeZipCode: z.string().optional(),
    storeNumber: z.string().optional(),
    balance: z.number().optional(),
    companySize: z.int().optional(),
    loginStatus: z.int().optional(),
    lastPaymentDate: DateSchema.optional(),
    registrationDate: DateSchema.optional(),
  })
  .register(schemaRules, { rule: 'PRO-2' })
export type CustomerInfo = z.infer<typeof CustomerInfoSchema>

const GenderSchema = z
  .union([
    z.enum(['MALE', 'FEMALE', 'OTHER']),
    z
      .union([z.literal(0), z.literal(1), z.literal(2)])
      .register(schemaRules, { rule: 'PRO-3', note: 'MALE, FEMALE or OTHER' }),
  ])
  .register(schemaRules, { rule: 'PRO-3', expected: 'MALE, FEMALE or OTHER' })

/** Data about the person, all optional. Rule: PRO-3. */
export const PersonalInfoSchema = z
  .looseObject({
    firstname: z.string().optional(),
    lastname: z.string().optional(),
    company: z.string().optional(),
    language: z.string().optional(),
    age: z
      .looseObject({
        age: z.int().optional(),
        year: z.int().optional(),
        month: z.int().optional(),
        day: z.int().optional(),
      })
      .optional(),
    gender: GenderSchema.optional(),
    contacts: oneOrMany(
      z.looseObject({
        email: z.string().optional(),
        phone: z.string().optional(),
        phoneType: z.string().optional(),
        address: z
          .looseObject({ country: z.string().optional(), region: z.string().optional() })
          .optional(),
      }),
    ).optional(),
  })
  .register(schemaRules, { rule: 'PRO-3' })
export type PersonalInfo = z.infer<typeof PersonalInfoSchema>

/** A structured data entity about the customer. Rules: PRO-1, PRO-2. */
export const CustomerInfoSdeSchema = z
  .looseObject({
    type: z.literal('ctmrinfo'),
    info: CustomerInfoSchema,
    auth: AuthSchema.optional(),
  })
  .register(schemaRules, { rule: 'PRO-1' })
export type CustomerInfoSde = z.infer<typeof CustomerInfoSdeSchema>

/** A structured data entity about the person. Rules: PRO-1, PRO-3. */
export const PersonalInfoSdeSchema = z
  .looseObject({
    type: z.literal('personal'),
    personal: PersonalInfoSchema,
    auth: AuthSchema.optional(),
  })
  .register(schemaRules, { rule: 'PRO-1' })
export type PersonalInfoSde = z.infer<typeof PersonalInfoSdeSchema>

const OtherSdeSchema = z
  .looseObject({ type: typeOtherThan(['ctmrinfo', 'personal']).optional() })
  .register(schemaRules, {
    rule: 'PRO-1a',
    open: true,
    note: 'an SDE of type ctmrinfo or personal',
    refusedInStrict: true,
  })

/** A structured data entity: two types are checked, any other is accepted and ignored. Rules: PRO-1, PRO-1a. */
export const SdeSchema = z
  .union([
    z.discriminatedUnion('type', [CustomerInfoSdeSchema, PersonalInfoSdeSchema]),
    OtherSdeSchema,
  ])
  .register(schemaRules, { rule: 'PRO-1' })
export type Sde = z.infer<typeof SdeSchema>
