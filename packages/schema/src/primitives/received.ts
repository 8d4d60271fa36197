import * as z from 'zod'
import { typeOtherThan } from './one-or-many.ts'
import { schemaRules } from './rule-metadata.ts'

/** One of the known values, which editors suggest, or any other text. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>)

/**
 * The tag of an option that is not known: any text but the known tags, which TypeScript has no type for. This one differs from
 * each of them, so that comparing with a known tag selects its option; assign it to a `string` to compare it with another text.
 */
export type UnknownTag = `(unknown) ${string}`

declare const receivedForm: unique symbol

/** Marks a schema whose received form is `Form`. */
export interface HasReceivedForm<Form extends z.ZodType> {
  readonly [receivedForm]: Form
}

type Shape = z.core.$ZodShape

type ReceivedObject<Fields extends Shape> = {
  [Key in keyof Fields as Fields[Key] extends z.ZodOptional ? never : Key]: Received<Fields[Key]>
} & {
  [Key in keyof Fields as Fields[Key] extends z.ZodOptional ? Key : never]?: Received<Fields[Key]>
}

/** The tags, other than the discriminator, that all options of a union share. */
type SharedTags<Option, Discriminator extends string> =
  Option extends z.ZodObject<infer Fields>
    ? {
        [Key in keyof Fields as Fields[Key] extends z.ZodLiteral
          ? Exclude<Key, Discriminator>
          : never]: z.output<Fields[Key]>
      }
    : unknown

type UnknownOption<Option, Discriminator extends string, Extra> = Readonly<
  Record<string, unknown>
> &
  SharedTags<Option, Discriminator> &
  Extra & { readonly [Key in Discriminator]: UnknownTag }

/** The type of received data, by the schema of sent data; an unknown option of the outermost union has the fields of `Extra`. */
export type Received<Sent, Extra = unknown> =
  Sent extends HasReceivedForm<infer Form>
    ? z.output<Form>
    : Sent extends z.ZodOptional<infer Inner>
      ? Received<Inner> | undefined
      : Sent extends z.ZodDiscriminatedUnion<infer Options, infer Discriminator>
        ? Received<Options[number]> | UnknownOption<Options[number], Discriminator, Extra>
        : Sent extends z.ZodUnion<infer Options>
          ? Received<Options[number]>
          : Sent extends z.ZodArray<infer Element>
            ? Received<Element>[]
            : Sent extends z.ZodObject<infer Fields>
              ? ReceivedObject<Fields>
              : Sent extends z.ZodEnum
                ? OpenEnum<z.output<Sent> & string>
                : z.output<Sent>

const forms = new WeakMap<z.core.$ZodType, z.ZodType>()

const sentForms = new WeakMap<z.core.$ZodType, z.ZodType>()

/** Sets the received form of a schema, if it is not the one that {@link toReceived} derives from its definition. */
export const withReceivedForm = <Sent extends z.ZodType, Form extends z.ZodType>(
  sent: Sent,
  form: Form,
): Sent & HasReceivedForm<Form> => {
  forms.set(sent, form)
  return sent as Sent & HasReceivedForm<Form>
}

const definitionOf = (schema: z.core.$ZodType): z.core.$ZodTypes['_zod']['def'] =>
  (schema as z.core.$ZodTypes)._zod.def

type TaggedUnion = z.core.$ZodDiscriminatedUnionDef

const isTagged = (definition: object): definition is TaggedUnion => 'discriminator' in definition

const isSharedTag = (key: string, tag: Shape[string], { options }: TaggedUnion): boolean =>
  definitionOf(tag).type === 'literal' &&
  options.every(option => {
    const definition = definitionOf(option)
    return definition.type === 'object' && definition.shape[key] === tag
  })

/** The known options of a union, and one for each of its tags, and of those of the unions in it, that is not known. */
function openTagged(
  union: TaggedUnion,
  fields: Shape = {},
): { readonly known: z.core.$ZodTypeDiscriminable; readonly unknown: readonly z.ZodType[] } {
  const { options, discriminator } = union
  const opened = options.map(option => {
    const definition = definitionOf(option)
    return isTagged(definition)
      ? openTagged(definition)
      : { known: toReceived(option as z.ZodType) as z.core.$ZodTypeDiscriminable, unknown: [] }
  })
  const [first] = options.map(definitionOf)
  const shared = Object.entries(first?.type === 'object' ? first.shape : {}).filter(
    ([key, tag]) => key !== discriminator && isSharedTag(key, tag, union),
  )
  const tags = options.flatMap(({ _zod }) => [...(_zod.propValues?.[discriminator] ?? [])])
  const other = z.looseObject({
    ...Object.fromEntries(shared),
    ...fields,
    [discriminator]: typeOtherThan(tags.map(String)),
  })
  const [known, ...others] = opened.map(option => option.known)
  if (known === undefined) throw new TypeError('A union needs at least one option')
  return {
    known: z.discriminatedUnion(discriminator, [known, ...others]),
    unknown: [...opened.flatMap(option => option.unknown), other],
  }
}

function openObject(shape: Shape): z.ZodType {
  const fields = Object.entries(shape)
  const opened = z.looseObject(
    Object.fromEntries(fields.map(([key, field]) => [key, toReceived(field as z.ZodType)])),
  )
  const optional = fields.flatMap(([key, field]) =>
    definitionOf(field).type === 'optional' ? [key] : [],
  )
  if (optional.length === 0) return opened
  return opened.transform(value => {
    const isAbsent = (key: string): boolean => value[key] === null && optional.includes(key)
    return Object.fromEntries(Object.entries(value).filter(([key]) => !isAbsent(key)))
  })
}

function open(definition: z.core.$ZodTypes['_zod']['def'], fields?: Shape): z.ZodType | undefined {
  switch (definition.type) {
    case 'optional':
      return toReceived(definition.innerType as z.ZodType).nullish()
    case 'object':
      return openObject(definition.shape)
    case 'array':
      return z.array(toReceived(definition.element as z.ZodType))
    case 'enum':
      return z.string().meta({ examples: Object.values(definition.entries) })
    case 'string':
      return z.string()
    case 'union': {
      if (!isTagged(definition))
        return z.union(definition.options.map(option => toReceived(option as z.ZodType)))
      const { known, unknown } = openTagged(definition, fields)
      return z.union([known, ...unknown])
    }
    default:
      return undefined
  }
}

/**
 * Derives the schema of received data from that of what is sent. Objects accept and keep unknown fields, an enumeration is any
 * text, an optional field that is null
 * parses to none, texts have no bounds, and a union by tag has an option for each tag that is not known; a
 * literal is a tag and stays. Equal schemas give the same one. Rule: WH-4.
 *
 * @param fields the fields that an option of the outermost union has, whose tag is not known
 */
export function toReceived<Sent extends z.ZodType>(
  sent: Sent,
): z.ZodType<Received<Sent>, Received<Sent>>
export function toReceived<Sent extends z.ZodType, Fields extends Shape>(
  sent: Sent,
  fields: Fields,
): z.ZodType<Received<Sent, ReceivedObject<Fields>>, Received<Sent, ReceivedObject<Fields>>>
export function toReceived(sent: z.ZodType, fields?: Shape): z.ZodType {
  const received = forms.get(sent) ?? open(definitionOf(sent), fields) ?? sent
  forms.set(sent, received)
  sentForms.set(received, sent)
  const rule = schemaRules.get(sent)
  if (rule && !schemaRules.has(received)) schemaRules.add(received, rule)
  return received
}

/**
 * Returns the schema that a schema of received data derives from, which refuses unknown fields and values: the documented form,
 * as the mock sends it. A schema that derives from none is returned unchanged.
 *
 * @example
 * ```ts
 * import { PublishEventResponseSchema, toSent } from '@sendbox/schema'
 *
 * const response = { reqId: '1', code: 'OK', body: { sequence: 4 }, more: true }
 * console.log(PublishEventResponseSchema.safeParse(response).success) // true
 * console.log(toSent(PublishEventResponseSchema).safeParse(response).success) // false
 * ```
 */
export const toSent = (received: z.ZodType): z.ZodType => sentForms.get(received) ?? received
