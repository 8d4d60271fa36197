import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trace } from '../traces/trace.ts'
import { createInteractionVerifier, type InteractionVerifier } from './interaction-verifier.ts'
import { isCall, type NamedInteraction } from './pact-interactions.ts'
import { verifyInteractionAtMock, verifyTraceAtMock } from './verify-at-mock.ts'
import {
  type ServiceOutcome,
  type ServiceTarget,
  verifyInteractionAtService,
  verifyTraceAtService,
} from './verify-at-service.ts'
import type { UntimedItem } from './verify-interaction.ts'
import { createMessageVerifier } from './verify-message.ts'
import { interruption, type VerificationResult, type VerifiedItem } from './verify-result.ts'

/** What is verified, and against what. */
export interface VerificationOptions {
  /** `'mock'` starts one in this process for each item. */
  readonly target: 'mock' | ServiceTarget
  readonly traces: readonly Trace[]
  readonly interactions: readonly NamedInteraction[]
  /** Whether the contracts are others than those that Sendbox has. @default false */
  readonly areGiven?: boolean
  /** Verifies the interactions of several runs, one after the other; whoever made it ends it. @default one for this run */
  readonly verifier?: InteractionVerifier
  /** Is told of each item before it runs. */
  readonly onStart?: (name: string) => void
  /** Is told of each item once it has a verdict. */
  readonly onItem?: (item: VerifiedItem) => void
  /** Ends the run after the item that runs, so that what it opened is closed; the others are left out. @default never */
  readonly signal?: AbortSignal
  /** Epoch time in ms. @default Date.now */
  readonly now?: () => number
  /** Names the consumers of the run, so that none has a conversation already. @default a random UUID */
  readonly run?: string
}

const atMock = (item: UntimedItem): ServiceOutcome => ({ item, leftOpen: [] })

/** An item whose run could not even begin: the service is not there, say. */
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

const toInterrupted = (kind: VerifiedItem['kind'], name: string): UntimedItem => ({
  kind,
  name,
  verdict: 'leftOut',
  steps: [],
  reason: interruption,
})

interface Job {
  readonly kind: VerifiedItem['kind']
  readonly name: string
  run(consumerRun: string): Promise<ServiceOutcome>
}

function toJobs(
  { target, traces, interactions }: VerificationOptions,
  verifier: InteractionVerifier,
  folder: string,
): Job[] {
  const traceJobs = traces.map(trace => ({
    kind: 'trace' as const,
    name: trace.name,
    run: async (run: string) =>
      target === 'mock'
        ? atMock(await verifyTraceAtMock(trace))
        : verifyTraceAtService(trace, target, run),
  }))
  const messages = createMessageVerifier(interactions, folder)
  const pactJobs = interactions.map((named, index) => ({
    kind: 'pact' as const,
    name: named.name,
    async run(run: string) {
      const pactFile = join(folder, `interaction-${index}.json`)
      return target === 'mock'
        ? atMock(await verifyInteractionAtMock(named, { verifier, messages, pactFile }))
        : verifyInteractionAtService(named, target, { run, verifier, pactFile })
    },
  }))
  return [...traceJobs, ...pactJobs]
}

/** Verifies traces and interactions one after the other; each has a consumer of its own, and what it opened is closed. */
export async function runVerification(options: VerificationOptions): Promise<VerificationResult> {
  const {
    target,
    interactions,
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
    await using own = createInteractionVerifier()
    const { verifier = own } = options
    if (interactions.some(({ interaction }) => isCall(interaction))) verifier.warmUp()
    for (const [index, job] of toJobs(options, verifier, folder).entries()) {
      if (signal?.aborted) {
        items.push({ ...toInterrupted(job.kind, job.name), durationMs: 0 })
        continue
      }
      onStart?.(job.name)
      const began = now()
      const outcome = await job
        .run(`${run}-${index + 1}`)
        .catch((error: unknown) => atMock(toBroken(job.kind, job.name, error)))
      const item = { ...outcome.item, durationMs: now() - began }
      items.push(item)
      leftOpen.push(...outcome.leftOpen)
      onItem?.(item)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const known = { format: 'sendbox-verification', version: 1 } as const
  const where =
    target === 'mock'
      ? { target: 'mock' }
      : { target: new URL(target.domainApiUrl).origin, accountId: target.accountId }
  return {
    ...known,
    ...where,
    ...(options.areGiven && { given: true as const }),
    startedAt,
    finishedAt: new Date(now()).toISOString(),
    items,
    leftOpen,
  }
}
