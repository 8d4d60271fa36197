import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Client, Conversation, NotifiedChange } from '@sendbox/client'
import { createWebhookHandler, isClientError } from '@sendbox/client'

/** An SMS from a phone; `id` is the idempotency key, here and at the gateway. */
interface Sms {
  readonly id: string
  readonly from: string
  readonly text: string
}

export interface SmsConnectorOptions {
  readonly client: Client
  /** Secret of the app install, which signs its webhooks. */
  readonly clientSecret: string
  /** Resolves with whether the gateway accepted the SMS. */
  readonly sendSms: (sms: { id: string; to: string; text: string }) => Promise<boolean>
  readonly onError: (error: unknown) => void
  /** See `createWebhookHandler`. @default 1000 */
  readonly reorderWithinMs?: number | undefined
  /** Resolves when a missing webhook is given up. @default after 10 s */
  readonly webhookDeadline?: (() => Promise<unknown>) | undefined
}

/** A conversation, and the highest number of its consumer's texts, by responses and by webhooks. */
interface Thread {
  readonly conversationId: string
  phone?: string
  /** The open dialog of a survey: the next SMS answers its question. */
  surveyId?: string | undefined
  isClosed: boolean
  confirmed: number
  echoed: number
}

/** A repeated receipt has no further effect, so it is retried after a lost response as well. */
const idempotent = { retryNonIdempotent: true } as const

const isUnknown = (error: unknown): boolean => isClientError(error) && error.outcomeUnknown
const hasErrorCode = (error: unknown, errorCode: number): boolean =>
  isClientError(error) && error.code === 'API_ERROR' && error.errorCode === errorCode

/** Whether the conversation is closed, maybe before the webhook of the close arrives. */
const isClosed = (error: unknown): boolean => hasErrorCode(error, 40054)
const ignoreClosed = (error: unknown): void => {
  if (!isClosed(error)) throw error
}

const tenSeconds = (): Promise<void> => setTimeout(10_000, undefined, { ref: false })

/** Connects an SMS gateway to LivePerson: SMS become texts, agents' messages become SMS. */
export function createSmsConnector(options: SmsConnectorOptions) {
  const { client, clientSecret, sendSms, onError } = options
  const { reorderWithinMs = 1000, webhookDeadline = tenSeconds } = options
  // In production in a database: conversations, processed ids of the gateway, and the queue of each phone.
  const threads = new Map<string, Thread>()
  const processed = new Map<string, Promise<void>>()
  const queues = new Map<string, Promise<void>>()
  const updates = new EventEmitter().setMaxListeners(0)

  const threadOf = (conversationId: string): Thread => {
    const created = { conversationId, isClosed: false, confirmed: -1, echoed: -1 }
    const thread = threads.get(conversationId) ?? created
    threads.set(conversationId, thread)
    return thread
  }
  const findOpen = (matches: (thread: Thread) => boolean): Thread | undefined =>
    [...threads.values()].find(thread => !thread.isClosed && matches(thread))
  const conversationOf = ({ conversationId, phone }: Thread): Conversation => {
    if (phone === undefined) throw new Error(`Conversation ${conversationId} is of no phone here`)
    return client.conversation(conversationId, { consumer: phone })
  }

  /** Waits until a webhook or a response makes `find` return something, or until the deadline. */
  const waitFor = async <Found>(find: () => Found | undefined): Promise<Found | undefined> => {
    let isOver = find() !== undefined
    const deadline = isOver ? undefined : webhookDeadline().then(() => true)
    while (!isOver) {
      const change = once(updates, 'change').then(() => find() !== undefined)
      isOver = (await Promise.race([deadline, change])) === true
    }
    return find()
  }

  /** Runs `act` once per id; a failure is run again on the next call. */
  const runOnce = (id: string, act: () => Promise<void>): Promise<void> => {
    const running = processed.get(id) ?? act()
    processed.set(id, running)
    running.catch(() => processed.delete(id))
    return running
  }

  /** Finds the conversation whose id was lost: a webhook has it, and the service refuses that of another consumer. */
  const findOpened = async (phone: string): Promise<Thread | undefined> => {
    const refused = new Set<Thread>()
    for (;;) {
      const thread = await waitFor(() => findOpen(it => !it.phone && !refused.has(it)))
      if (thread === undefined) return undefined
      try {
        await conversationOf({ ...thread, phone }).setChatState('ACTIVE', idempotent)
        return thread
      } catch (error) {
        if (!isClientError(error) || error.code !== 'API_ERROR') throw error
        refused.add(thread)
      }
    }
  }

  /** Opens a conversation; `undefined` if the outcome is unknown and none is found. */
  const open = async (phone: string): Promise<Thread | undefined> => {
    const opening = client.consumer(phone).openConversation()
    const opened = await opening.catch((error: unknown) => {
      if (!isUnknown(error) && !hasErrorCode(error, 40057)) throw error
    })
    const thread = opened ? threadOf(opened.conversationId) : await findOpened(phone)
    if (thread) thread.phone = phone
    updates.emit('change')
    return thread
  }

  /** Answers the question of a survey; a survey that is closed meanwhile takes no answer, nor does its conversation. */
  const answerSurvey = async (thread: Thread, surveyId: string, text: string): Promise<boolean> => {
    try {
      await conversationOf(thread).answerSurvey(surveyId, text)
      return true
    } catch (error) {
      if (!isClosed(error)) throw error
      thread.surveyId = undefined
      thread.isClosed = true
      return false
    }
  }

  /** Sends a text; resolves with whether it arrived, and marks a closed conversation. */
  const sendText = async (thread: Thread, text: string): Promise<boolean> => {
    if (thread.surveyId !== undefined) return answerSurvey(thread, thread.surveyId, text)
    const conversation = conversationOf(thread)
    // FIFO: the agent sees the consumer composing while the client retries the text, such as after a 429.
    const [, sent] = await Promise.allSettled([
      conversation.setChatState('COMPOSING'),
      conversation.sendText(text),
      conversation.setChatState('ACTIVE'),
    ])
    if (sent.status === 'fulfilled') thread.confirmed = sent.value.sequence
    else if (isClosed(sent.reason)) thread.isClosed = true
    else if (!isUnknown(sent.reason)) throw sent.reason
    // The response was lost, and a retry might be a duplicate: the webhook of the consumer's own text decides.
    else if (await waitFor(() => thread.echoed > thread.confirmed || undefined)) {
      thread.confirmed = thread.echoed
      return true
    }
    return sent.status === 'fulfilled'
  }

  const forward = async ({ id, from, text }: Sms): Promise<void> => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const known = findOpen(({ phone }) => phone === from)
      if (text === 'STOP') return known && conversationOf(known).close().catch(ignoreClosed)
      const thread = known ?? (await open(from))
      if (thread && (await sendText(thread, text))) return
    }
    throw new Error(`LivePerson did not take SMS ${id}`)
  }

  /** Sends a message to the phone, or records the echo of the consumer's own; `text` is its content for an SMS. */
  const deliver = async (
    change: NotifiedChange<'ContentEvent' | 'RichContentEvent'>,
    text: string | undefined,
  ): Promise<void> => {
    const { conversationId, dialogId, sequence, originatorMetadata } = change
    if (sequence === undefined) return
    const thread = threadOf(conversationId)
    const isSurvey = dialogId !== conversationId
    if (originatorMetadata.role === 'CONSUMER') {
      if (isSurvey) return
      thread.echoed = Math.max(thread.echoed, sequence)
      updates.emit('change')
      return
    }
    // A greeting may arrive before the response that assigns the conversation to a phone.
    const to = (await waitFor(() => thread.phone)) ?? ''
    if (isSurvey) {
      thread.surveyId = dialogId
      if (text !== undefined)
        await sendSms({ id: `${conversationId}/${dialogId}/${sequence}`, to, text })
      return
    }
    const conversation = conversationOf(thread)
    const id = `${conversationId}/${sequence}`
    const isAccepted = text !== undefined && (await sendSms({ id, to, text }))
    await conversation[isAccepted ? 'accept' : 'nack']([sequence], idempotent).catch(ignoreClosed)
  }

  return {
    /**
     * Forwards an SMS to the agent, in FIFO order per phone. If it rejects, the gateway must post it again, and those queued behind it,
     * in order.
     */
    receive: (sms: Sms): Promise<void> =>
      runOnce(`sms ${sms.id}`, () => {
        const previous = queues.get(sms.from) ?? Promise.resolve()
        const forwarded = previous.then(() => forward(sms))
        queues.set(sms.from, forwarded)
        forwarded.catch(() => queues.delete(sms.from))
        return forwarded
      }),

    /** Forwards a delivery report to the agent as a receipt; the id of the SMS names the message. */
    report: ({ id, status }: { id: string; status: 'delivered' | 'read' | 'failed' }) =>
      runOnce(`report ${id}`, async () => {
        const [conversationId = '', sequence, isOfSurvey] = id.split('/')
        // A survey takes no receipts.
        if (isOfSurvey !== undefined) return
        const conversation = conversationOf(threadOf(conversationId))
        const receipt = status === 'failed' ? 'nack' : 'read'
        await conversation[receipt]([Number(sequence)], idempotent).catch(ignoreClosed)
      }),

    webhooks: createWebhookHandler({
      clientSecret,
      onError,
      reorderWithinMs,
      on: {
        ContentEvent(change) {
          const { event } = change
          const { message } = event
          if (event.contentType === 'hosted/file') return deliver(change, event.message.caption)
          return deliver(change, typeof message === 'string' ? message : undefined)
        },
        RichContentEvent: change => deliver(change, undefined),
        ExConversationChangeNotification({ result }) {
          const thread = threadOf(result.convId)
          const { stage, dialogs = [] } = result.conversationDetails
          if (stage === 'CLOSE') thread.isClosed = true
          if (dialogs.some(it => it.dialogId === thread.surveyId && it.state === 'CLOSE'))
            thread.surveyId = undefined
          updates.emit('change')
        },
        // A note between agents is no SMS.
        PrivateNote: () => undefined,
        // ChatStateEvent has no handler and is dropped: an agent's typing is no SMS.
      },
      // No SMS, but a reason to look for a newer version of this connector.
      onUnknown: (_, { reason }) => onError(new Error(`A webhook has an unknown ${reason}`)),
    }),
  }
}
