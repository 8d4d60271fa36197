import { computed, effect, signal } from '@preact/signals'
import type { ControlAnswer } from '@sendbox/mock-server/control'
import { call, epoch } from './mock.ts'

/** A statement about the Send API, with its evidence. */
export type Rule = ControlAnswer<'listProtocolRules'>[number]

/** All rules, in the order of the protocol; empty until they were read. */
export const rules = signal<readonly Rule[]>([])

/** Each rule by its id. */
export const ruleById = computed(() => new Map(rules.value.map(rule => [rule.id, rule])))

async function read(): Promise<void> {
  try {
    rules.value = await call('listProtocolRules')
  } catch {
    // The next stream reads them again.
  }
}

// A mock knows its rules from its start on; one of another version may have followed.
effect(() => {
  if (epoch.value > 0) void read()
})
