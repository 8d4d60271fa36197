import { expect, test } from 'vitest'
import { z } from 'zod'
import { controlOperations } from '../../../src/control/operations.ts'
import { checkControlInput } from '../../../src/control/read-call.ts'

/** The objects that a schema accepts at its top. */
function objectsOf(schema: z.ZodType): readonly z.ZodObject[] {
  if (schema instanceof z.ZodObject) return [schema]
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap(one => objectsOf(one as z.ZodType))
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return objectsOf(schema.unwrap() as z.ZodType)
  return schema instanceof z.ZodPipe ? objectsOf(schema.in as z.ZodType) : []
}

/** The fields of each query and of each body that is one object. */
const inputs = controlOperations.flatMap(({ id, query, body }) =>
  [query, body].flatMap(schema => {
    const objects = schema ? objectsOf(schema) : []
    const [object] = objects
    return schema && object && objects.length === 1
      ? [{ id, schema, names: Object.keys(object.shape) }]
      : []
  }),
)

/** Bodies that others write whole: Pact's verifier, and the manifest of an app. */
const open = ['changeProviderState', 'putAppInstall']

/** A slip in a name of two letters leaves half of it, which is near to nothing. */
const minNameLength = 3

/** A name with its last letter twice: one slip of the keyboard. */
const misspell = (name: string): string => `${name}${name.at(-1)}`

test('every misspelt field of the control API is answered with the right one', () => {
  const fields = inputs
    .filter(({ id }) => !open.includes(id))
    .flatMap(({ id, schema, names }) =>
      names.filter(name => name.length >= minNameLength).map(name => ({ id, schema, name })),
    )
  expect(fields.length).toBeGreaterThan(50)
  const silent = fields.filter(({ schema, name }) => {
    const result = checkControlInput(schema, { [misspell(name)]: 'x' }, [])
    const details = result.ok ? '' : JSON.stringify(result.refusal.body)
    return !details.includes(`did you mean \\"${name}\\"?`)
  })
  expect(silent.map(({ id, name }) => `${id} ${name}`)).toEqual([])
})
