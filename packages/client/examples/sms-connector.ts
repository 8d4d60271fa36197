import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Client, Conversation, NotifiedChange } from '@sendbox/client'
import { createWebhookHandler, isClientError } from '@sendbox/client'

/** An SMS from a phone; one that comes again under the same `id` is the same one, here and at the gateway. */
interface Sms {
  readonly id: string
  readonly from: string
  readonly text: string
}

export interface SmsConnectorOptions {
  readonly client: Client
  /** The secret of the app install, which signs its webhooks. */
  readonly clientSecret: string
  /** Resolves with whether the gateway has taken an SMS. */
  readonly sendSms: (sms: { id: string; to: string; text: string }) => Promise<boolean>
  readonly onError: (error: unknown) => void
  /** How many ms a webhook waits for those before it. @default 1000 */
  readonly reorderWithinMs?: number | undefined
  /** Resolves when a webhook that has not come is given up. @default after 10 s */
  readonly webhookDeadline?: (() => Promise<unknown>) | undefined
}

/** A conversation: whose it is, and the highest number of the consumer's texts, as answered and as echoed. */
interface Thread {
  readonly conversationId: string
  phone?: string
  isClosed: boolean
  answered: number
  echoed: number
}

/** A receipt says the same when it is given twice, so the client repeats it after a lost answer as well. */
const repeatable = { retryNonIdempotent: true } as const

const isUnknown = (error: unknown): boolean => isClientError(error) && error.outcomeUnknown
const hasErrorCode = (error: unknown, errorCode: number): boolean =>
  isClientError(error) && error.code === 'API_ERROR' && error.errorCode === errorCode

/** Claims that a call came after the close, of which the webhook may tell even later. */
const isClosed = (error: unknown): boolean => hasErrorCode(error, 40054)
const ignoreClosed = (error: unknown): void => {
  if (!isClosed(error)) throw error
}

const tenSeconds = (): Promise<void> => setTimeout(10_000, undefined, { ref: false })

/** Carries SMS to LivePerson's agents, and their answers to the phones. */
export function createSmsConnector(options: SmsConnectorOptions) {
  const { client, clientSecret, sendSms, onError } = options
  const { reorderWithinMs = 1000, webhookDeadline = tenSeconds } = options
  // These belong into a database: the conversations, what was done by the gateway's ids, the last SMS of each phone.
  const threads = new Map<string, Thread>()
  const done = new Map<string, Promise<void>>()
  const queues = new Map<string, Promise<void>>()
  const news = new EventEmitter().setMaxListeners(0)

  const threadOf = (conversationId: string): Thread => {
    const created = { conversationId, isClosed: false, answered: -1, echoed: -1 }
    const thread = threads.get(conversationId) ?? created
    threads.set(conversationId, thread)
    return thread
  }
  const findOpen = (isMeant: (thread: Thread) => boolean): Thread | undefined =>
    [...threads.values()].find(thread => !thread.isClosed && isMeant(thread))
  const conversationOf = ({ conversationId, phone }: Thread): Conversation => {
    if (phone === undefined) throw new Error(`Conversation ${conversationId} is of no phone here`)
    return client.conversation(conversationId, { consumer: phone })
  }

  /** Waits until a webhook or an answer has brought what is looked for, or the deadline has come. */
  const waitFor = async <Found>(find: () => Found | undefined): Promise<Found | undefined> => {
    let isOver = find() !== undefined
    const deadline = isOver ? undefined : webhookDeadline().then(() => true)
    while (!isOver) {
      const change = once(news, 'change').then(() => find() !== undefined)
      isOver = (await Promise.race([deadline, change])) === true
    }
    return find()
  }

  /** Does something once; what failed is done when it is asked for again. */
  const doOnce = (id: string, act: () => Promise<void>): Promise<void> => {
    const acting = done.get(id) ?? act()
    done.set(id, acting)
    acting.catch(() => done.delete(id))
    return acting
  }

  /** Finds the conversation whose id was lost: a webhook tells of it, and the service refuses that of another consumer. */
  const findOpened = async (phone: string): Promise<Thread | undefined> => {
    const refused = new Set<Thread>()
    for (;;) {
      const thread = await waitFor(() => findOpen(it => !it.phone && !refused.has(it)))
      if (thread === undefined) return undefined
      try {
        await conversationOf({ ...thread, phone }).setChatState('ACTIVE', repeatable)
        return thread
      } catch (error) {
        if (!isClientError(error) || error.code !== 'API_ERROR') throw error
        refused.add(thread)
      }
    }
  }

  /** Opens a conversation, and gives it unless that is in doubt and none is found. */
  const open = async (phone: string): Promise<Thread | undefined> => {
    const opening = client.consumer(phone).openConversation()
    const opened = await opening.catch((error: unknown) => {
      if (!isUnknown(error) && !hasErrorCode(error, 40057)) throw error
    })
    const thread = opened ? threadOf(opened.conversationId) : await findOpened(phone)
    if (thread) thread.phone = phone
    news.emit('change')
    return thread
  }

  /** Sends a text, and gives whether it arrived; a closed conversation is marked as such. */
  const say = async (thread: Thread, text: string): Promise<boolean> => {
    const conversation = conversationOf(thread)
    // One leaves after another: the agent sees the consumer composing while the client repeats a text, after a 429 say.
    const [, sent] = await Promise.allSettled([
      conversation.setChatState('COMPOSING'),
      conversation.sendText(text),
      conversation.setChatState('ACTIVE'),
    ])
    if (sent.status === 'fulfilled') thread.answered = sent.value.sequence
    else if (isClosed(sent.reason)) thread.isClosed = true
    else if (!isUnknown(sent.reason)) throw sent.reason
    // The answer was lost, and a repeat might be a second message: the webhook of the consumer's own text tells.
    else if (await waitFor(() => thread.echoed > thread.answered || undefined)) {
      thread.answered = thread.echoed
      return true
    }
    return sent.status === 'fulfilled'
  }

  const forward = async ({ id, from, text }: Sms): Promise<void> => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const known = findOpen(({ phone }) => phone === from)
      if (text === 'STOP') return known && conversationOf(known).close().catch(ignoreClosed)
      const thread = known ?? (await open(from))
      if (thread && (await say(thread, text))) return
    }
    throw new Error(`LivePerson did not take SMS ${id}`)
  }

  /** Brings a message to the phone, or notes the echo of the consumer's own; `text` is all that an SMS can show of it. */
  const deliver = async (
    change: NotifiedChange<'ContentEvent' | 'RichContentEvent'>,
    text: string | undefined,
  ): Promise<void> => {
    const { conversationId, dialogId, sequence, originatorMetadata } = change
    // Another dialog would be a survey, and none opens: the client does not name MULTI_DIALOG.
    if (sequence === undefined || dialogId !== conversationId) return
    const thread = threadOf(conversationId)
    if (originatorMetadata.role === 'CONSUMER') {
      thread.echoed = Math.max(thread.echoed, sequence)
      news.emit('change')
      return
    }
    // A greeting may be faster than the answer that says whose conversation it is.
    const to = (await waitFor(() => thread.phone)) ?? ''
    const conversation = conversationOf(thread)
    const id = `${conversationId}/${sequence}`
    const isTaken = text !== undefined && (await sendSms({ id, to, text }))
    await conversation[isTaken ? 'accept' : 'nack']([sequence], repeatable).catch(ignoreClosed)
  }

  return {
    /**
     * Brings an SMS to the agent, after those before it. Where this rejects, the gateway is to post it again, and those that waited
     * behind it, so that their order is kept.
     */
    receive: (sms: Sms): Promise<void> =>
      doOnce(`sms ${sms.id}`, () => {
        const turn = queues.get(sms.from) ?? Promise.resolve()
        const forwarded = turn.then(() => forward(sms))
        queues.set(sms.from, forwarded)
        forwarded.catch(() => queues.delete(sms.from))
        return forwarded
      }),

    /** Tells the agent what became of an answer; which one it was, is in the id of its SMS. */
    report: ({ id, status }: { id: string; status: 'delivered' | 'read' | 'failed' }) =>
      doOnce(`report ${id}`, async () => {
        const [conversationId = '', sequence] = id.split('/')
        const conversation = conversationOf(threadOf(conversationId))
        const receipt = status === 'failed' ? 'nack' : 'read'
        await conversation[receipt]([Number(sequence)], repeatable).catch(ignoreClosed)
      }),

    webhooks: createWebhookHandler({
      clientSecret,
      onError,
      reorderWithinMs,
      on: {
        ContentEvent(change) {
          const { message } = change.event
          return deliver(change, typeof message === 'string' ? message : message.caption)
        },
        RichContentEvent: change => deliver(change, undefined),
        ExConversationChangeNotification({ result }) {
          const thread = threadOf(result.convId)
          if (result.conversationDetails.stage === 'CLOSE') thread.isClosed = true
          news.emit('change')
        },
        // An agent's typing is no SMS: ChatStateEvent has no handler, and is dropped.
      },
    }),
  }
}
