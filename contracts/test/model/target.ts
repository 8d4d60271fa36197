import {
  type ConversationState,
  type Environment,
  type Reply,
  reduce,
  type Transition,
} from '@sendbox/mock-server/model'
import {
  type ConversationBatch,
  parseConversationBatch,
  parseSendRequest,
  type RequestId,
  RequestIdSchema,
  type SendRequest,
} from '@sendbox/schema'
import { z } from 'zod'
import type {
  AllowedResponse,
  FilledCall,
  TargetResponse,
  TraceTarget,
} from '../../src/traces/target.ts'
import type { Capability } from '../../src/traces/trace.ts'
import { type ModelCommand, toAgentCommands } from './agent.ts'
import { allow, refuse, toErrorResponse } from './response.ts'

const accountId = 'model-account'

type Entries = Extract<Transition['events'][number], { type: 'counted' }>['entry'][]

const FeaturesSchema = z.object({ features: z.array(z.string()) })

/** A malformed header is ignored. Rule: REQ-6. */
const featuresOf = ({ headers = {} }: FilledCall): readonly string[] => {
  try {
    return FeaturesSchema.parse(JSON.parse(headers['Client-Properties'] ?? '{}')).features
  } catch {
    return []
  }
}

/** The settings of a trace that apply to the model. */
const ModelSettingsSchema = z.looseObject({
  survey: z.boolean().default(false),
  mode: z.string().optional(),
  autoMessages: z.looseObject({ enabled: z.boolean(), text: z.string() }).optional(),
})

const idOf = (request: unknown): RequestId | undefined =>
  RequestIdSchema.safeParse((request as { readonly id?: unknown } | null)?.id).data

const profileResponse = { msg: 'OK User Profile set successfully' } as const

/** The pure model as a target: it decides without a network whether a trace is possible. */
export class ModelTarget implements TraceTarget {
  readonly capabilities: readonly Capability[] = ['agent', 'control', 'settings']
  readonly variables: Readonly<Record<string, string>> = { accountId, run: 'model' }
  readonly #conversations = new Map<string, ConversationState>()
  readonly #transcripts = new Map<string, Entries>()
  readonly #environment: Environment
  #lastId = 0

  constructor(settings: Readonly<Record<string, unknown>> = {}) {
    const { survey, mode, autoMessages } = ModelSettingsSchema.parse(settings)
    this.#environment = {
      now: 0,
      survey,
      isStrict: mode === 'strict',
      ...(autoMessages?.enabled && { autoMessage: autoMessages.text }),
      isUploaded: () => false,
      newDialogId: () => this.#newId('dialog'),
    }
  }

  async call(call: FilledCall): Promise<readonly AllowedResponse[]> {
    return call.operation === 'conversation' ? this.#converse(call) : this.#send(call)
  }

  async act(conversationId: string, action: unknown): Promise<TargetResponse> {
    const dialogs = this.#conversations.get(conversationId)?.dialogs ?? []
    const open = dialogs.findLast(({ state }) => state === 'OPEN')
    let last: Reply = { ok: false, errorCode: 40451 }
    for (const command of toAgentCommands(action, open?.dialogId ?? conversationId)) {
      const { reply, commit } = this.#run(conversationId, command)
      if (!reply.ok) return toErrorResponse(reply)
      commit()
      last = reply
    }
    return last.ok ? { status: 200, body: last.body, rules: last.rules } : toErrorResponse(last)
  }

  async show(conversationId: string): Promise<unknown> {
    const state = this.#conversations.get(conversationId)
    const dialogs = state?.dialogs.map(dialog => ({
      ...dialog,
      transcript: this.#transcripts.get(dialog.dialogId) ?? [],
    }))
    return state && { ...state, state: state.dialogs[0]?.state, dialogs }
  }

  async nextNotification(): Promise<never> {
    throw new Error('The model sends no notifications')
  }

  #newId(kind: string): string {
    this.#lastId += 1
    return `${kind}-${this.#lastId}`
  }

  /** Runs a command; `commit` applies its transition. */
  #run(conversationId: string, command: ModelCommand): { reply: Reply; commit: () => void } {
    const transition = reduce(this.#conversations.get(conversationId), command, this.#environment)
    const commit = (): void => {
      if (transition.state)
        this.#conversations.set(transition.state.conversationId, transition.state)
      for (const event of transition.events)
        if (event.type === 'counted') {
          const entries = this.#transcripts.get(event.dialogId) ?? []
          this.#transcripts.set(event.dialogId, [...entries, event.entry])
        }
    }
    return { reply: transition.reply, commit }
  }

  #send(call: FilledCall): AllowedResponse[] {
    if (Array.isArray(call.body)) return refuse(40051, ['EP-4.2'])
    const parsed = parseSendRequest(call.body)
    if (!parsed.ok) {
      const [{ rule, path }] = parsed.problems
      const isType = path === '/type' && rule !== 'REQ-1'
      return refuse(isType ? 40053 : 40052, [rule, 'RES-7'], idOf(call.body))
    }
    const { id } = parsed.request
    const toBody = (body: unknown): TargetResponse['body'] => ({
      reqId: String(id),
      code: 'OK',
      body,
    })
    const found = this.#toCommand(parsed.request, call)
    if (found === undefined)
      return allow({ status: 200, body: toBody(profileResponse), rules: ['PRO-1', 'RES-4a'] })
    const { reply, commit } = this.#run(found.conversationId, found.command)
    return reply.ok
      ? allow({ status: 200, body: toBody(reply.body), rules: reply.rules }, commit)
      : allow(toErrorResponse(reply, id))
  }

  /** The conversation is found by its dialog. Rule: LIF-4. */
  #toCommand(
    request: SendRequest,
    call: FilledCall,
  ): { conversationId: string; command: ModelCommand } | undefined {
    const participant = { id: call.consumer, role: 'CONSUMER' } as const
    if (request.type === 'cm.UpdateConversationField') {
      const { conversationId, conversationField: fields } = request.body
      return { conversationId, command: { type: 'updateFields', participant, fields } }
    }
    if (request.type !== 'ms.PublishEvent') return undefined
    const { dialogId, event, conversationId } = request.body
    const found = [...this.#conversations.values()].find(({ dialogs }) =>
      dialogs.some(dialog => dialog.dialogId === dialogId),
    )
    return {
      conversationId: conversationId ?? found?.conversationId ?? dialogId,
      command: {
        type: 'publish',
        participant,
        dialogId,
        event,
        features: featuresOf(call),
        ...(request.metadata && { metadata: request.metadata }),
      },
    }
  }

  #converse(call: FilledCall): AllowedResponse[] {
    if (!Array.isArray(call.body) || call.body.length < 2) return refuse(40059, ['EP-2', 'RES-7'])
    const parsed = parseConversationBatch(call.body)
    if (!parsed.ok) return refuse(40052, [parsed.problems[0].rule, 'CON-5'])
    const opening = parsed.request.find(item => item.type === 'cm.ConsumerRequestConversation')
    const first = parsed.request.find(item => item.type === 'ms.PublishEvent')
    if (opening?.body.brandId !== accountId) return refuse(40060, ['CON-3'], opening?.id)
    const open = [...this.#conversations.values()].filter(({ stage }) => stage === 'OPEN')
    if (open.some(({ consumerId }) => consumerId === call.consumer))
      return refuse(40057, ['CON-4.2'], opening.id)
    const conversationId = this.#newId('conversation')
    const { reply, commit } = this.#run(conversationId, {
      type: 'open',
      conversationId,
      consumerId: call.consumer,
      request: opening.body,
      features: featuresOf(call),
      ...(first && { firstMessage: { event: first.body.event } }),
    })
    if (!reply.ok) return allow(toErrorResponse(reply, first?.id))
    const body = parsed.request.map(item => this.#toBatchItem(item, conversationId, reply))
    return allow({ status: 200, body, rules: reply.rules }, commit)
  }

  #toBatchItem(
    { id, type }: ConversationBatch[number],
    conversationId: string,
    reply: Extract<Reply, { ok: true }>,
  ): unknown {
    const reqId = String(id)
    if (type === 'cm.ConsumerRequestConversation')
      return { code: 'OK', body: { conversationId }, reqId }
    if (type === 'ms.PublishEvent')
      return { code: 'OK', body: { sequence: reply.body['sequence'] }, reqId }
    return { code: 'OK', body: profileResponse, reqId }
  }
}
