import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import {
  type Client,
  type Conversation,
  createWebhookHandler,
  isClientError,
  type NotifiedChange,
  type WebhookHandler,
} from '@sendbox/client'

/** An SMS of either direction; `id` is the gateway's own for one that came, and the connector's for one that goes. */
export interface Sms {
  readonly id: string
  readonly phone: string
  readonly text: string
}

/** What became of an SMS that the connector has sent. */
export interface SmsReport {
  readonly id: string
  readonly status: 'delivered' | 'read' | 'failed'
}

export interface SmsConnectorOptions {
  readonly client: Client
  /** The secret of the app install, which signs its webhooks. */
  readonly clientSecret: string
  /** Resolves once the gateway has taken the SMS, and rejects once it will not. */
  readonly sendSms: (sms: Sms) => Promise<void>
  readonly onError: (error: unknown) => void
  /** Resolves when a webhook that has not come will not come. @default after 10 s */
  readonly webhookDeadline?: (() => Promise<unknown>) | undefined
  /** How many ms a webhook waits for those before it. @default 1000 */
  readonly reorderWithinMs?: number | undefined
}

/** A conversation: whose it is, and the highest number of the consumer's texts, by the answers and by the webhooks. */
interface Thread {
  phone?: string
  isClosed: boolean
  sent: number
  echoed: number
}

/** Claims that a conversation is over; its webhook says so too, but may come later. */
const isClosed = (error: unknown): boolean =>
  isClientError(error) && error.code === 'API_ERROR' && error.errorCode === 40054

/** A receipt that is given twice says the same, so the client may repeat it. */
const twice = { mayActTwice: true } as const

/** Carries SMS to LivePerson's agents, and their answers to the phones. */
export class SmsConnector {
  /** Takes the webhooks of the app install. */
  readonly webhooks: WebhookHandler
  readonly #options: SmsConnectorOptions

  // These three belong into a database, or a restart of the connector forgets them.
  readonly #done = new Map<string, Promise<void>>()
  readonly #threads = new Map<string, Thread>()
  readonly #openIds = new Map<string, string>()
  /** The last SMS of each phone, which the next one waits for. */
  readonly #queues = new Map<string, Promise<void>>()
  readonly #news = new EventEmitter().setMaxListeners(0)

  constructor(options: SmsConnectorOptions) {
    this.#options = options
    const { clientSecret, onError, reorderWithinMs = 1000 } = options
    this.webhooks = createWebhookHandler({
      clientSecret,
      reorderWithinMs,
      onError,
      // With a database, keep each event there first, and set `acknowledge: 'handled'`: it then survives a crash.
      on: {
        ContentEvent: change => {
          const { message } = change.event
          return this.#take(change, typeof message === 'string' ? message : message.caption)
        },
        RichContentEvent: change => this.#take(change, undefined),
        ExConversationChangeNotification: ({ result }) => {
          const thread = this.#threadOf(result.convId)
          if (result.conversationDetails.stage === 'CLOSE') thread.isClosed = true
          this.#news.emit('news')
        },
        // The agent's typing is no SMS: ChatStateEvent has no handler, and is dropped.
      },
    })
  }

  /** Brings an SMS to the agent; one that comes twice is one message. The gateway sends it again where this rejects. */
  receive(sms: Sms): Promise<void> {
    return this.#once(`sms ${sms.id}`, () => {
      const turn = this.#queues.get(sms.phone) ?? Promise.resolve()
      const forwarded = turn.then(() => this.#forward(sms))
      this.#queues.set(sms.phone, forwarded.catch(() => {}))
      return forwarded
    })
  }

  /** Tells the agent what became of an answer. */
  report({ id, status }: SmsReport): Promise<void> {
    return this.#once(`report ${id}`, async () => {
      const [conversationId = '', sequence] = id.split('/')
      const { phone } = this.#threadOf(conversationId)
      if (phone === undefined) throw new Error(`SMS ${id} was not sent from here`)
      const conversation = this.#options.client.conversation(conversationId, { consumer: phone })
      const acknowledge = status === 'failed' ? conversation.nack : conversation.read
      await acknowledge([Number(sequence)], twice).catch(ignoreClosed)
    })
  }

  /** Sends an SMS as a text. A repeat would be a second message, so where the outcome is unknown the echo tells it. */
  async #forward(sms: Sms, triesLeft = 2): Promise<void> {
    const { conversationId, ...conversation } = await this.#conversationOf(sms.phone)
    const thread = this.#threadOf(conversationId)
    if (sms.text === 'STOP') {
      await conversation.close().catch(ignoreClosed)
      thread.isClosed = true
      return
    }
    // The agent sees the consumer composing while the text waits for its turn or its repeat. A lost chat state is no harm.
    const [, text] = await Promise.allSettled([
      conversation.setChatState('COMPOSING'),
      conversation.sendText(sms.text),
      conversation.setChatState('ACTIVE'),
    ])
    if (text.status === 'fulfilled') {
      thread.sent = text.value.sequence
      return
    }
    const error: unknown = text.reason
    if (isClosed(error)) thread.isClosed = true
    else if (!isClientError(error) || !error.outcomeUnknown) throw error
    else if (await this.#happens(() => thread.echoed > thread.sent)) {
      thread.sent = thread.echoed
      return
    }
    if (triesLeft === 0) throw error
    await this.#forward(sms, triesLeft - 1)
  }

  /** The open conversation of a phone, or a new one. */
  async #conversationOf(phone: string): Promise<Conversation> {
    const { client } = this.#options
    const openId = this.#openIds.get(phone)
    if (openId !== undefined && !this.#threadOf(openId).isClosed)
      return client.conversation(openId, { consumer: phone })
    const open = () => client.consumer(phone).openConversation()
    const conversation = await open().catch(async (error: unknown) => {
      if (!isClientError(error) || !error.outcomeUnknown) throw error
      return (await this.#findOpened(phone)) ?? open()
    })
    this.#threadOf(conversation.conversationId).phone = phone
    this.#openIds.set(phone, conversation.conversationId)
    this.#news.emit('news')
    return conversation
  }

  /** Finds the conversation whose id was lost: webhooks tell of it, and the service refuses those of other consumers. */
  async #findOpened(phone: string): Promise<Conversation | undefined> {
    const refused = new Set<string>()
    const find = () =>
      [...this.#threads].find(
        ([id, thread]) => thread.phone === undefined && !thread.isClosed && !refused.has(id),
      )
    while (await this.#happens(() => find() !== undefined)) {
      const [id = ''] = find() ?? []
      const conversation = this.#options.client.conversation(id, { consumer: phone })
      try {
        await conversation.setChatState('ACTIVE', twice)
        return conversation
      } catch (error) {
        if (!isClientError(error) || error.code !== 'API_ERROR') throw error
        refused.add(id)
      }
    }
    return undefined
  }

  /** Brings an agent's message to the phone, and notes the echo of a consumer's. What an SMS cannot show is refused. */
  async #take(
    change: NotifiedChange<'ContentEvent' | 'RichContentEvent'>,
    text: string | undefined,
  ): Promise<void> {
    const { conversationId, dialogId, sequence, originatorMetadata } = change
    // Surveys, which are dialogs of their own, are not opened: the client names no MULTI_DIALOG.
    if (sequence === undefined || dialogId !== conversationId) return
    const thread = this.#threadOf(conversationId)
    if (originatorMetadata.role === 'CONSUMER') {
      thread.echoed = Math.max(thread.echoed, sequence)
      this.#news.emit('news')
      return
    }
    // An agent may greet before the answer that says whose conversation it is.
    await this.#happens(() => thread.phone !== undefined)
    const { phone } = thread
    if (phone === undefined) throw new Error(`Conversation ${conversationId} is of no phone`)
    const { client, sendSms, onError } = this.#options
    const conversation = client.conversation(conversationId, { consumer: phone })
    const isTaken =
      text !== undefined &&
      (await sendSms({ id: `${conversationId}/${sequence}`, phone, text }).then(
        () => true,
        (error: unknown) => onError(error),
      ))
    const acknowledge = isTaken ? conversation.accept : conversation.nack
    await acknowledge([sequence], twice).catch(ignoreClosed)
  }
}
