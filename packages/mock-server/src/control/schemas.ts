import { z } from 'zod'
import { FaultViewSchema } from '../faults/call-fault.ts'
import { TokenPairSchema } from '../handle/token-pair.ts'
import { JournalEntrySchema } from '../journal/entry.ts'
import { AccountViewSchema } from '../lifecycle/accounts.ts'
import { AccountSnapshotSchema } from '../lifecycle/snapshot-schema.ts'
import { ConversationViewSchema } from '../store/conversation-view.ts'
import { DeliverySchema } from '../webhooks/delivery.ts'
import type { ControlOperation } from './operation.ts'
import { ControlRefusalSchema } from './operation.ts'

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Whether a schema describes a request or a response. */
type Direction = 'input' | 'output'

/** Schemas of several operations, by their names in OpenAPI. */
const sharedSchemas: Readonly<Record<string, z.ZodType>> = {
  Account: AccountViewSchema,
  Conversation: ConversationViewSchema,
  Delivery: DeliverySchema,
  Fault: FaultViewSchema,
  JournalEntry: JournalEntrySchema,
  Refusal: ControlRefusalSchema,
  Snapshot: AccountSnapshotSchema,
  TokenPair: TokenPairSchema,
}

const refPrefix = '#/components/schemas/'

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Removes transforms, which have no JSON Schema, from unions whose other option describes their output. Rule: REQ-8. */
function removeTransforms({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const options = jsonSchema.anyOf?.filter(option => Object.keys(option).length > 0)
  const [first] = options ?? []
  if (options === undefined || options.length === jsonSchema.anyOf?.length) return
  if (options.length > 1) jsonSchema.anyOf = options
  else {
    delete jsonSchema.anyOf
    Object.assign(jsonSchema, first)
  }
}

/** Converts zod schemas to the components of an OpenAPI document. */
export class ControlSchemas {
  readonly #registries = {
    input: z.registry<{ id: string }>(),
    output: z.registry<{ id: string }>(),
  }

  constructor(operations: readonly ControlOperation[]) {
    for (const [name, schema] of Object.entries(sharedSchemas)) this.#add('output', schema, name)
    for (const { id, body, responses } of operations) {
      if (body) this.#add('input', body, `${capitalize(id)}Body`)
      for (const [status, answer] of Object.entries(responses))
        if (answer) this.#add('output', answer, `${capitalize(id)}Answer${status}`)
    }
  }

  #add(direction: Direction, schema: z.ZodType, id: string): void {
    const registry = this.#registries[direction]
    if (!registry.has(schema)) registry.add(schema, { id })
  }

  /** The `$ref` of a schema that an operation has. */
  toRef(direction: Direction, schema: z.ZodType): JsonSchema {
    return { $ref: `${refPrefix}${this.#registries[direction].get(schema)?.id}` }
  }

  /** All schemas, by name. */
  toComponents(): Record<string, JsonSchema> {
    const components: Record<string, JsonSchema> = {}
    for (const io of ['input', 'output'] as const) {
      const { schemas } = z.toJSONSchema(this.#registries[io], {
        target: 'draft-2020-12',
        io,
        unrepresentable: 'any',
        override: removeTransforms,
        uri: id => `${refPrefix}${id}`,
      })
      for (const [name, { $schema: _, $id: __, ...schema }] of Object.entries(schemas))
        components[name] = schema
    }
    return components
  }
}

/** The JSON Schema of a parameter. */
export function toParameterSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' })
  return jsonSchema
}
