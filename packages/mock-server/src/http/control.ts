import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import { AgentActionSchema, actAsAgent } from '../agent-action.ts'
import { isLoopbackAddress } from '../loopback.ts'
import type { Service } from '../service.ts'
import type { ConversationRecord } from '../state-store.ts'
import { testPublicJwk } from '../tokens/test-key-pair.ts'
import { type Answer, toErrorAnswer, writeAnswer } from './answer.ts'
import { getAppInstall, putAppInstall } from './app-install.ts'
import { readControlBody } from './read-control-body.ts'

const refuseOffLoopback: RequestHandler = (request, response, next) => {
  if (isLoopbackAddress(request.socket.localAddress ?? '')) return next()
  writeAnswer(response, {
    status: 403,
    body: {
      title: 'Forbidden',
      details: 'The control API is open on a loopback address only; ask it at http://127.0.0.1',
    },
  })
}

/** A conversation as the control API and the account handle show it. */
export interface ConversationView {
  readonly conversationId: string
  readonly state: string
  readonly stage: string
  readonly skillId: string
  /** `value` is in seconds. */
  readonly ttr: ConversationRecord['state']['ttr']
  readonly csat?: ConversationRecord['state']['csat']
  /** How many of the oldest transcript entries are no longer kept. */
  readonly dropped: number
  readonly dialogs: readonly DialogView[]
}

/** A dialog with its chat states and all that was said in it. Rules: CS-1, SEQ-1. */
export interface DialogView {
  readonly dialogId: string
  readonly dialogType: string
  readonly state: string
  readonly nextSequence: number
  readonly chatStates: ConversationRecord['state']['dialogs'][number]['chatStates']
  /** Every change of a chat state, timed. Rule: CS-3. */
  readonly chatStateHistory: ConversationRecord['state']['dialogs'][number]['chatStates']
  readonly transcript: NonNullable<ReturnType<ConversationRecord['transcripts']['get']>>
}

/** Shows a conversation as it is now; what happens later does not change the view. `state` is the main dialog's. Rule: LIF-1. */
export const toConversationView = ({
  state,
  transcripts,
  chatStateHistories,
  dropped,
}: ConversationRecord): ConversationView => ({
  conversationId: state.conversationId,
  state: state.dialogs[0]?.state ?? state.stage,
  stage: state.stage,
  skillId: state.skillId,
  ttr: state.ttr,
  ...(state.csat && { csat: state.csat }),
  dropped,
  dialogs: state.dialogs.map(dialog => ({
    dialogId: dialog.dialogId,
    dialogType: dialog.dialogType,
    state: dialog.state,
    nextSequence: dialog.nextSequence,
    chatStates: dialog.chatStates,
    chatStateHistory: [...(chatStateHistories.get(dialog.dialogId) ?? [])],
    transcript: [...(transcripts.get(dialog.dialogId) ?? [])],
  })),
})

/** Lets the agent act, and answers with what came of it: the event's `sequence`, where it took one. */
async function actByControl(
  request: Request<{ accountId: string; conversationId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const action = await readControlBody(AgentActionSchema, request, response, service)
  if (!action.ok) return action.answer
  const reply = await actAsAgent(action.value, request.params, service)
  return reply.ok ? { status: 200, body: reply.body } : toErrorAnswer(reply, service.settings)
}

const ClockChangeSchema = z.strictObject({
  freeze: z.literal(true).optional(),
  advanceMs: z.number().min(0).optional(),
  resume: z.literal(true).optional(),
})

/** Freezes, advances and resumes an account's clock, in this order, and answers where it stands. */
async function setClock(
  request: Request<{ accountId: string }>,
  response: Response,
  service: Service,
): Promise<Answer> {
  const change = await readControlBody(ClockChangeSchema, request, response, service)
  if (!change.ok) return change.answer
  const clock = service.clocks.of(request.params.accountId)
  if (change.value.freeze) clock.freeze()
  clock.advance(change.value.advanceMs ?? 0)
  if (change.value.resume) clock.resume()
  return { status: 200, body: { now: clock.now(), frozen: clock.frozen } }
}

/** Everything that production does not have, under one path. */
export function createControlRouter(service: Service): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.use(refuseOffLoopback)
  router.get('/health', (_request, response) => {
    writeAnswer(response, { status: 200, body: { status: 'ok' } })
  })
  router.get('/jwks.json', (_request, response) => {
    writeAnswer(response, { status: 200, body: { keys: [testPublicJwk] } })
  })
  router.get('/accounts/:accountId/conversations', async (request, response) => {
    const records = await service.store.list(request.params.accountId)
    writeAnswer(response, { status: 200, body: records.map(toConversationView) })
  })
  router.get('/accounts/:accountId/conversations/:conversationId', async (request, response) => {
    const record = await service.store.load(request.params)
    writeAnswer(
      response,
      record
        ? { status: 200, body: toConversationView(record) }
        : toErrorAnswer({ errorCode: 40451 }, service.settings),
    )
  })
  router.post(
    '/accounts/:accountId/conversations/:conversationId/agent',
    async (request, response) => {
      writeAnswer(response, await actByControl(request, response, service))
    },
  )
  router.put('/accounts/:accountId/clock', async (request, response) => {
    writeAnswer(response, await setClock(request, response, service))
  })
  router
    .route('/accounts/:accountId/app-install')
    .get((request, response) => {
      writeAnswer(response, getAppInstall(request, service))
    })
    .put(async (request, response) => {
      writeAnswer(response, await putAppInstall(request, response, service))
    })
  return router
}
