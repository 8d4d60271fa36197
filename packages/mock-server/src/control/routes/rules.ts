import { evidenceLevels, rules } from '@sendbox/schema'
import { z } from 'zod'
import { defineControlOperation } from '../operation.ts'

const RuleSchema = z.object({
  id: z.string(),
  text: z.string(),
  evidence: z.enum(evidenceLevels),
  /** In the abbreviations of docs/rules.md. */
  sources: z.array(z.string()).readonly(),
  /** The sides of a contradiction in the public material, the one that is followed, and the setting that selects another. */
  contradiction: z
    .object({
      sides: z.array(z.object({ statement: z.string(), source: z.string() })).readonly(),
      followed: z.string(),
      setting: z.string().exactOptional(),
    })
    .exactOptional(),
})

export const listProtocolRules = defineControlOperation({
  id: 'listProtocolRules',
  method: 'GET',
  path: '/rules',
  summary: 'Lists all rules of the protocol: sentence, evidence, sources, contradictions',
  responses: { 200: z.array(RuleSchema) },
  handle: () => ({ status: 200, body: rules }),
})
