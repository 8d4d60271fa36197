import { setTimeout } from 'node:timers/promises'
import type { Client, Conversation, NotifiedChange, WebhookHandler } from '@sendbox/client'
import { createWebhookHandler, isClientError } from '@sendbox/client'
import { type Thread, Threads } from './threads.ts'

/** An SMS of either direction; one that comes again under the same `id` is the same one, here and at the gateway. */
export interface Sms {
  readonly id: string
  readonly phone: string
  readonly text: string
}

/** What became of an SMS that went to a phone. */
export interface SmsReport {
  readonly id: string
  readonly status: 'delivered' | 'read' | 'failed'
}

export interface SmsConnectorOptions {
  readonly client: Client
  /** The secret of the app install, which signs its webhooks. */
  readonly clientSecret: string
  /** Resolves with whether the gateway has taken an SMS. */
  readonly sendSms: (sms: Sms) => Promise<boolean>
  readonly onError: (error: unknown) => void
  /** How many ms a webhook waits for those before it. @default 1000 */
  readonly reorderWithinMs?: number | undefined
  /** Resolves when a webhook that has not come is given up. @default after 10 s */
  readonly webhookDeadline?: (() => Promise<unknown>) | undefined
}

const tenSeconds = (): Promise<void> => setTimeout(10_000, undefined, { ref: false })

const hasErrorCode = (error: unknown, errorCode: number): boolean =>
  isClientError(error) && error.code === 'API_ERROR' && error.errorCode === errorCode

/** Claims that a call came after the close, of which the webhook may tell even later. */
const isClosed = (error: unknown): boolean => hasErrorCode(error, 40054)

/** Claims that the consumer may have a conversation whose id is not known. */
const mayBeOpen = (error: unknown): boolean =>
  hasErrorCode(error, 40057) || (isClientError(error) && error.outcomeUnknown)

const ignoreClosed = (error: unknown): void => {
  if (!isClosed(error)) throw error
}

/** A receipt says the same when it is given twice, so the client repeats it after a lost answer as well. */
const repeatable = { mayActTwice: true } as const

/** Carries SMS to LivePerson's agents, and their answers to the phones. */
export class SmsConnector {
  readonly webhooks: WebhookHandler
  readonly #options: SmsConnectorOptions
  readonly #threads: Threads
  /** What was done, by the ids of the gateway. It belongs into a database. */
  readonly #done = new Map<string, Promise<void>>()
  /** The last SMS of each phone, which the next one waits for. */
  readonly #queues = new Map<string, Promise<void>>()

  constructor(options: SmsConnectorOptions) {
    const { clientSecret, onError, reorderWithinMs = 1000, webhookDeadline = tenSeconds } = options
    this.#options = options
    this.#threads = new Threads(webhookDeadline)
    this.webhooks = createWebhookHandler({
      clientSecret,
      onError,
      reorderWithinMs,
      on: {
        ContentEvent: change => {
          const { message } = change.event
          return this.#take(change, typeof message === 'string' ? message : message.caption)
        },
        RichContentEvent: change => this.#take(change, undefined),
        ExConversationChangeNotification: ({ result }) => {
          const thread = this.#threads.of(result.convId)
          if (result.conversationDetails.stage === 'CLOSE') thread.isClosed = true
          this.#threads.noteChange()
        },
        // An agent's typing is no SMS: ChatStateEvent has no handler, and is dropped.
      },
    })
  }

  /**
   * Brings an SMS to the agent, after those before it. Where this rejects, the gateway is to post it again, and those that waited
   * behind it, so that their order is kept.
   */
  receive(sms: Sms): Promise<void> {
    return this.#once(`sms ${sms.id}`, () => {
      const turn = this.#queues.get(sms.phone) ?? Promise.resolve()
      const forwarded = turn.then(() => this.#forward(sms))
      this.#queues.set(sms.phone, forwarded)
      const leave = () =>
        this.#queues.get(sms.phone) === forwarded && this.#queues.delete(sms.phone)
      forwarded.then(leave, leave)
      return forwarded
    })
  }

  /** Tells the agent what became of an answer; which one it was, is in the id of its SMS. */
  report({ id, status }: SmsReport): Promise<void> {
    return this.#once(`report ${id}`, async () => {
      const [conversationId = '', sequence] = id.split('/')
      const conversation = this.#conversationOf(this.#threads.of(conversationId))
      const receipt = status === 'failed' ? 'nack' : 'read'
      await conversation[receipt]([Number(sequence)], repeatable).catch(ignoreClosed)
    })
  }

  async #forward({ id, phone, text }: Sms): Promise<void> {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const open = this.#threads.findOpen(thread => thread.phone === phone)
      if (text === 'STOP') return open && this.#conversationOf(open).close().catch(ignoreClosed)
      const thread = open ?? (await this.#open(phone))
      if (thread && (await this.#say(thread, text))) return
    }
    throw new Error(`LivePerson did not take SMS ${id}`)
  }

  /** Sends a text, and gives whether it arrived; a closed conversation is marked as such. */
  async #say(thread: Thread, text: string): Promise<boolean> {
    const conversation = this.#conversationOf(thread)
    // One leaves after another: the agent sees the consumer composing while the client repeats a text, after a 429 say.
    const [, sent] = await Promise.allSettled([
      conversation.setChatState('COMPOSING'),
      conversation.sendText(text),
      conversation.setChatState('ACTIVE'),
    ])
    if (sent.status === 'fulfilled') {
      thread.answered = sent.value.sequence
      return true
    }
    const error: unknown = sent.reason
    if (isClosed(error)) thread.isClosed = true
    else if (!isClientError(error) || !error.outcomeUnknown) throw error
    // The answer was lost, and a repeat might be a second message: the webhook of the consumer's own text tells.
    else if (await this.#threads.happens(() => thread.echoed > thread.answered)) {
      thread.answered = thread.echoed
      return true
    }
    return false
  }

  /** Opens a conversation, and gives it unless that is in doubt and none is found. */
  async #open(phone: string): Promise<Thread | undefined> {
    const consumer = this.#options.client.consumer(phone)
    const thread = await consumer.openConversation().then(
      ({ conversationId }) => this.#threads.of(conversationId),
      (error: unknown) => {
        if (!mayBeOpen(error)) throw error
        return this.#findOpened(phone)
      },
    )
    if (thread) thread.phone = phone
    this.#threads.noteChange()
    return thread
  }

  /** Finds the conversation whose id was lost: a webhook tells of it, and the service refuses that of another consumer. */
  async #findOpened(phone: string): Promise<Thread | undefined> {
    const refused = new Set<Thread>()
    const find = () => this.#threads.findOpen(it => it.phone === undefined && !refused.has(it))
    while (await this.#threads.happens(() => find() !== undefined)) {
      const thread = find()
      if (thread === undefined) continue
      try {
        await this.#conversationOf({ ...thread, phone }).setChatState('ACTIVE', repeatable)
        return thread
      } catch (error) {
        if (!isClientError(error) || error.code !== 'API_ERROR') throw error
        refused.add(thread)
      }
    }
    return undefined
  }

  /** Brings a message to the phone, or notes the echo of the consumer's own; `text` is all that an SMS can show of it. */
  async #take(
    change: NotifiedChange<'ContentEvent' | 'RichContentEvent'>,
    text: string | undefined,
  ): Promise<void> {
    const { conversationId, dialogId, sequence, originatorMetadata } = change
    // Another dialog would be a survey, and none opens: the client does not name MULTI_DIALOG.
    if (sequence === undefined || dialogId !== conversationId) return
    const thread = this.#threads.of(conversationId)
    if (originatorMetadata.role === 'CONSUMER') {
      thread.echoed = Math.max(thread.echoed, sequence)
      this.#threads.noteChange()
      return
    }
    // A greeting may be faster than the answer that says whose conversation it is.
    await this.#threads.happens(() => thread.phone !== undefined)
    const { phone = '' } = thread
    const conversation = this.#conversationOf(thread)
    const id = `${conversationId}/${sequence}`
    const isTaken = text !== undefined && (await this.#options.sendSms({ id, phone, text }))
    const receipt = isTaken ? 'accept' : 'nack'
    await conversation[receipt]([sequence], repeatable).catch(ignoreClosed)
  }

  #conversationOf({ conversationId, phone }: Thread): Conversation {
    if (phone === undefined) throw new Error(`Conversation ${conversationId} is of no phone here`)
    return this.#options.client.conversation(conversationId, { consumer: phone })
  }

  /** Does something once; what failed is done when it is asked for again. */
  #once(id: string, act: () => Promise<void>): Promise<void> {
    const done = this.#done.get(id) ?? act()
    this.#done.set(id, done)
    done.catch(() => this.#done.delete(id))
    return done
  }
}
