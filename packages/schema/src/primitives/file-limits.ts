import * as z from 'zod'
import { schemaRules } from './rule-metadata.ts'

/** The limits of files in the public material. Rules: PUB-4, PUB-5. */
export const fileLimits = {
  fileBytes: 3_145_728,
  previewCharacters: 30_720,
  fileTypes: ['JPG', 'JPEG', 'PNG', 'GIF'],
} as const

/** JSON Schema has no flag for letter case. */
const inAnyCase = (word: string): string =>
  word.replaceAll(/[A-Z]/g, letter => `[${letter}${letter.toLowerCase()}]`)

/** A pattern of the digits of whole numbers up to `maximum`, which has at least two digits. */
function patternUpTo(maximum: number): string {
  const digits = String(maximum)
  const smaller = Array.from(digits).flatMap((digit, index) =>
    digit === '0'
      ? []
      : `${digits.slice(0, index)}[0-${Number(digit) - 1}][0-9]{${digits.length - index - 1}}`,
  )
  return `^0*(?:[0-9]{1,${digits.length - 1}}|${smaller.join('|')}|${digits})$`
}

/** A file type in any letter case. Zod leaves the list to the limits, which a setting can change; JSON Schema has the default. Rule: PUB-4. */
export const FileTypeSchema = z
  .string()
  .min(1)
  .meta({ pattern: `^(?:${fileLimits.fileTypes.map(inAnyCase).join('|')})$` })

/** A data URL. Zod leaves its length to the limits; JSON Schema has the default. Rule: PUB-5. */
export const PreviewSchema = z.string().meta({ maxLength: fileLimits.previewCharacters - 1 })

/** A number of bytes, as text or a number. Zod leaves its maximum to the limits; JSON Schema has the default. Rules: URL-1, PUB-5. */
export const FileSizeSchema = z
  .union([
    z
      .string()
      .regex(/^\d+$/)
      .meta({ pattern: patternUpTo(fileLimits.fileBytes) }),
    z.int().min(0).meta({ maximum: fileLimits.fileBytes }),
  ])
  .register(schemaRules, { rule: 'URL-1', expected: 'a number of bytes' })
