import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCall, type NamedInteraction } from '../pact/pact-file.ts'
import type { Trace } from '../traces/trace.ts'
import { createPactVerifier, type PactVerifier } from './pact-verifier.ts'
import { atMock } from './verify-at-mock.ts'
import { atService, type ServiceTarget } from './verify-at-service.ts'
import {
  type ItemOutcome,
  type PactRun,
  toSkipped,
  toSkipReason,
  type UntimedItem,
} from './verify-interaction.ts'
import { interruption, type VerificationResult, type VerifiedItem } from './verify-result.ts'

export interface VerificationOptions {
  /** `'mock'` starts a mock in this process for each item. */
  readonly target: 'mock' | ServiceTarget
  readonly traces: readonly Trace[]
  readonly interactions: readonly NamedInteraction[]
  /** Whether the contracts are others than those of Sendbox. @default false */
  readonly external?: boolean
  /** Shared by several runs, one after the other; the caller disposes of it. @default one for this run */
  readonly verifier?: PactVerifier
  /** Called before each item. */
  readonly onStart?: (name: string) => void
  /** Called with each verified item. */
  readonly onItem?: (item: VerifiedItem) => void
  /** Ends the run after the current item, whose conversations are closed; later items are skipped. @default never */
  readonly signal?: AbortSignal
  /** Epoch time in ms. @default Date.now */
  readonly now?: () => number
  /** Part of the ids of consumers, so that each run has consumers without conversations. @default a random UUID */
  readonly run?: string
}

/** The item of a verification that threw, for example because the service cannot be reached. */
const toBroken = (kind: VerifiedItem['kind'], name: string, error: unknown): UntimedItem => ({
  kind,
  name,
  verdict: 'failed',
  steps: [],
  failure: {
    title: name,
    rules: [],
    problems: [error instanceof Error ? error.message : String(error)],
  },
})

const toInterrupted = (kind: VerifiedItem['kind'], name: string): VerifiedItem => ({
  kind,
  name,
  verdict: 'leftOut',
  steps: [],
  reason: interruption,
  durationMs: 0,
})

/** A failure of a pending pact is shown, and fails nothing. */
const toPending = ({ verdict, ...item }: UntimedItem): UntimedItem =>
  verdict === 'failed'
    ? { ...item, verdict: 'leftOut', pending: true, reason: 'its pact is pending, and it fails' }
    : { ...item, verdict }

interface Job {
  readonly isPending: boolean
  readonly kind: VerifiedItem['kind']
  readonly name: string
  readonly verify: (consumerRun: string) => Promise<ItemOutcome>
}

function toJobs(
  { target, traces, interactions }: VerificationOptions,
  pactRun: PactRun,
): readonly Job[] {
  const items = target === 'mock' ? atMock : atService(target)
  return [
    ...traces.map(
      (trace): Job => ({
        kind: 'trace',
        name: trace.name,
        isPending: false,
        verify: run => items.verifyTrace(trace, run),
      }),
    ),
    ...interactions.map(
      (named): Job => ({
        kind: 'pact',
        name: named.name,
        isPending: named.isPending ?? false,
        verify: async run => {
          const reason = toSkipReason(named, items)
          return reason === undefined
            ? items.verifyInteraction(named, run, pactRun)
            : { item: toSkipped(named, reason) }
        },
      }),
    ),
  ]
}

/** Verifies traces and interactions one after the other, each with a new consumer, whose conversations are closed. */
export async function runVerification(options: VerificationOptions): Promise<VerificationResult> {
  const {
    target,
    interactions,
    external = false,
    onStart,
    onItem,
    signal,
    now = Date.now,
    run = randomUUID(),
  } = options
  const startedAt = new Date(now()).toISOString()
  const folder = await mkdtemp(join(tmpdir(), 'sendbox-verify-'))
  const items: VerifiedItem[] = []
  const leftOpen: string[] = []
  try {
    await using own = createPactVerifier()
    const { verifier = own } = options
    const pactFile = join(folder, 'interaction.json')
    if (interactions.some(({ interaction }) => isCall(interaction))) verifier.warmUp()
    for (const [index, { kind, name, isPending, verify }] of toJobs(options, {
      verifier,
      pactFile,
    }).entries()) {
      if (signal?.aborted) {
        items.push(toInterrupted(kind, name))
        continue
      }
      onStart?.(name)
      const began = now()
      const outcome = await verify(`${run}-${index + 1}`).catch(
        (error: unknown): ItemOutcome => ({ item: toBroken(kind, name, error) }),
      )
      const untimed = isPending ? toPending(outcome.item) : outcome.item
      const item = { ...untimed, durationMs: now() - began }
      items.push(item)
      leftOpen.push(...(outcome.leftOpen ?? []))
      onItem?.(item)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return {
    format: 'sendbox-verification',
    version: 1,
    ...(target === 'mock'
      ? { target }
      : { target: new URL(target.domainApiUrl).origin, accountId: target.accountId }),
    ...(external && { given: true as const }),
    startedAt,
    finishedAt: new Date(now()).toISOString(),
    items,
    leftOpen,
  }
}
