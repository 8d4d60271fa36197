import { isRecord, SequenceSchema, toInputProblems } from '@sendbox/schema'
import * as z from 'zod'

const DigitsSchema = z.string().regex(/^\d+$/).transform(Number)

/** The only element of a list in place of the list, as a service that answers in batches sends it. */
const orInList = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess(value => (Array.isArray(value) && value.length === 1 ? value[0] : value), schema)

/** The number of an event; 0 or more, as a number or as text. Rule: RES-3. */
export const NeededSequenceSchema: z.ZodType = orInList(
  z.looseObject({
    body: z.looseObject({ sequence: SequenceSchema.or(DigitsSchema.pipe(SequenceSchema)) }),
  }),
)

/** The fields of a file URL that an upload or a download depends on. Rule: URL-3. */
export const NeededFileUrlSchema: z.ZodType = orInList(
  z.looseObject({
    body: z.looseObject({
      relativePath: z.string().startsWith('/'),
      queryParams: z.looseObject({ temp_url_sig: z.string(), temp_url_expires: z.string() }),
    }),
  }),
)

const isErrorCode = (value: unknown): boolean =>
  isRecord(value) && typeof value['code'] === 'number' && value['code'] >= 400

/** No field at all: the status says it, unless the body has the code of an error. Rule: RES-5. */
export const NothingNeededSchema: z.ZodType = z
  .unknown()
  .refine(value => !isErrorCode(value), { path: ['code'], error: 'Invalid input: it is an error' })

/** The part of each JSON response that the client needs; all else may be missing or have another form. Rules: EP-2, EP-6, EP-9, EP-13. */
export const neededResponses: Readonly<Record<string, z.ZodType>> = {
  appToken: z.looseObject({
    access_token: z.string().min(1),
    expires_in: z.number().or(DigitsSchema).optional().catch(undefined),
  }),
  consumer: z.looseObject({ token: z.string().min(1) }),
  baseUris: z.looseObject({
    baseURIs: z.array(z.looseObject({ service: z.string(), baseURI: z.string() })),
  }),
  conversation: z.unknown(),
}

const maxDeviations = 10

/** Lists how a response differs from the documented one; without its values, which may be secrets. */
export function findDeviations(documented: z.ZodType, value: unknown): readonly string[] {
  const result = documented.safeParse(value)
  if (result.success) return []
  return toInputProblems(documented, value, result.error)
    .slice(0, maxDeviations)
    .map(({ path, expected }) => `${path || 'the body'}: expected ${expected}`)
}
