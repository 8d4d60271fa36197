import * as z from 'zod'

/** A `type` that is none of the known ones, so that a bad known one is not taken for another. */
export const typeOtherThan = (knownTypes: readonly string[]) =>
  z
    .string()
    .refine(name => !knownTypes.includes(name), { abort: true })
    .meta({ not: { enum: knownTypes } })
