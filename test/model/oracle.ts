/**
 * The service as sections 3 to 5 of the protocol tell it, once more and in the simplest words: it shares no code with the mock's
 * own model, so that the two are wrong together only where they read the protocol alike.
 */
export interface OracleSettings {
  readonly mode: 'as-service' | 'strict'
  readonly secondConversation: 'reject' | 'reuse' | 'allow'
  readonly survey: boolean
  readonly autoMessages: { readonly enabled: boolean; readonly text: string }
}

/** The event that has a sequence number. */
interface Said {
  readonly by: string
  readonly role: string
  readonly at: number
  readonly event: unknown
  readonly metadata?: unknown
}

interface Dialog {
  /** Made up by the service, so it is learnt from it. */
  id: string | undefined
  readonly type: 'MAIN' | 'POST_SURVEY'
  isOpen: boolean
  readonly said: Said[]
  readonly chatStates: Map<string, string>
  readonly chatHistory: { readonly by: string; readonly chatState: string; readonly at: number }[]
}

interface Conversation {
  readonly id: string
  readonly owner: string
  isOpen: boolean
  readonly skillId: string
  readonly features: readonly string[]
  readonly startedAt: number
  ttr: { ttrType: string; value: number }
  csat: object | undefined
  readonly dialogs: Dialog[]
}

/** The number of an error, or what the answer's body must be. */
export type Verdict =
  | { readonly error: number }
  | { readonly body: Readonly<Record<string, unknown>> }

/** An event on the wire, as far as the rules look at it. */
export interface OracleEvent {
  readonly type: string
  readonly sequenceList?: readonly number[]
  readonly contentType?: string
  readonly message?: unknown
}

type Field = Readonly<Record<string, unknown>> & { readonly field: string }

const refused = (error: number): Verdict => ({ error })

/** An account and its time. Section 5. */
export class Oracle {
  now: number
  conversations: Conversation[] = []
  readonly uploaded = new Set<string>()
  readonly #startedAt: number
  readonly #settings: OracleSettings

  constructor(settings: OracleSettings, now: number) {
    this.#settings = settings
    this.now = now
    this.#startedAt = now
  }

  reset(): void {
    this.now = this.#startedAt
    this.conversations = []
    this.uploaded.clear()
  }

  find(conversationId: string): Conversation | undefined {
    return this.conversations.find(({ id }) => id === conversationId)
  }

  /** Which conversation a second one turns out to be, or that there is none. Rule: CON-4. */
  beforeOpening(consumer: string): 'open' | 'reject' | { readonly reused: string } {
    const open = this.conversations.find(({ owner, isOpen }) => owner === consumer && isOpen)
    const { secondConversation } = this.#settings
    if (open === undefined || secondConversation === 'allow') return 'open'
    return secondConversation === 'reject' ? 'reject' : { reused: open.id }
  }

  /** Rules: LIF-7, LIF-7a. */
  open(opened: {
    readonly id: string
    readonly consumer: string
    readonly skillId: string | undefined
    readonly features: readonly string[]
    readonly ttr: string | undefined
  }): void {
    const ttrType = opened.ttr ?? 'PRIORITIZED'
    const value = { NORMAL: 3600, URGENT: 300, PRIORITIZED: 600 }[ttrType] ?? 0
    this.conversations.push({
      id: opened.id,
      owner: opened.consumer,
      isOpen: true,
      skillId: opened.skillId ?? '-1',
      features: opened.features,
      startedAt: this.now,
      ttr: { ttrType, value },
      csat: undefined,
      dialogs: [newDialog(opened.id, 'MAIN')],
    })
  }

  /** Rules: LIF-2 to LIF-4, LIF-6, AUTH-9, SEQ-1 to SEQ-4, CS-2. */
  publish(call: {
    readonly by: string
    readonly role: string
    readonly dialogId: string
    readonly conversationId?: string | undefined
    readonly event: OracleEvent
    readonly metadata?: unknown
    readonly features?: readonly string[]
  }): Verdict {
    const { by, role, dialogId, conversationId, event } = call
    const has = ({ dialogs }: Conversation) => dialogs.some(({ id }) => id === dialogId)
    const conversation =
      conversationId === undefined ? this.conversations.find(has) : this.find(conversationId)
    const dialog = conversation?.dialogs.find(({ id }) => id === dialogId)
    if (conversation === undefined || dialog === undefined) return refused(40451)
    if (role === 'CONSUMER' && conversation.owner !== by) return refused(40103)
    const isSilent = event.type === 'ChatStateEvent' || event.type === 'AcceptStatusEvent'
    if (!dialog.isOpen) return refused(conversation.isOpen && isSilent ? 40055 : 40054)
    if (dialog.type === 'POST_SURVEY' && event.type === 'ChatStateEvent') return refused(40055)
    if (this.#settings.mode === 'strict') {
      if (event.sequenceList?.some(number => number >= dialog.said.length)) return refused(40058)
      if (event.contentType === 'hosted/file' && !this.uploaded.has(pathOf(event)))
        return refused(40061)
    }
    if (event.type === 'ChatStateEvent') {
      const { chatState } = event as unknown as { chatState: string }
      dialog.chatStates.set(by, chatState)
      dialog.chatHistory.push({ by, chatState, at: this.now })
      return { body: { sequence: 0 } }
    }
    const isFirst = !conversation.dialogs.some(({ said }) => said.some(isConsumersContent))
    const entry = { by, role, at: this.now, event }
    dialog.said.push(call.metadata === undefined ? entry : { ...entry, metadata: call.metadata })
    const sequence = dialog.said.length - 1
    if (isFirst && role === 'CONSUMER' && event.type === 'ContentEvent')
      this.#greet(conversation, dialog, call.features ?? [])
    return { body: { sequence } }
  }

  /** Rules: LIF-8, LIF-8a. */
  #greet(conversation: Conversation, dialog: Dialog, features: readonly string[]): void {
    const { enabled, text: message } = this.#settings.autoMessages
    const isNamed = [conversation.features, features].every(list => list.includes('AUTO_MESSAGES'))
    if (!enabled || !isNamed || this.now - conversation.startedAt > 10_000) return
    const event = { type: 'ContentEvent', contentType: 'text/plain', message }
    dialog.said.push({ by: 'controller', role: 'CONTROLLER', at: this.now, event })
  }

  /** All fields or none, in order. Rules: UPD-1a to UPD-6, LIF-5, LIF-6, RES-5. */
  update(consumer: string, conversationId: string, fields: readonly Field[]): Verdict {
    const conversation = this.find(conversationId)
    if (conversation === undefined) return refused(40451)
    for (const { dialog } of fields) {
      const named = dialog && (dialog as { dialogId: string }).dialogId
      if (named && !conversation.dialogs.some(({ id }) => id === named)) return refused(40451)
    }
    if (conversation.owner !== consumer) return refused(40103)
    const before = structuredClone(conversation)
    for (const field of fields)
      if (!this.#apply(conversation, field)) {
        this.conversations[this.conversations.indexOf(conversation)] = before
        return refused(40054)
      }
    const isClosing = fields.some(({ field }) => !['CSATRate', 'TTRField'].includes(field))
    return { body: { msg: isClosing ? 'OK Conversation resolved successfully' : 'OK' } }
  }

  #apply(conversation: Conversation, field: Field): boolean {
    if (field.field === 'CSATRate') {
      const { csatRate, csatResolutionConfirmation, status } = field
      conversation.csat = { csatRate, csatResolutionConfirmation, status }
      return true
    }
    if (!conversation.isOpen) return false
    if (field.field === 'TTRField')
      conversation.ttr = { ttrType: String(field['ttrType']), value: Number(field['value']) }
    else if (field.field === 'DialogChange') {
      const { dialogId } = field['dialog'] as { dialogId: string }
      const dialog = conversation.dialogs.find(({ id }) => id === dialogId)
      if (!dialog?.isOpen) return false
      this.#endDialog(conversation, dialog)
    } else closeAll(conversation)
    return true
  }

  /** Rules: UPD-3, UPD-3a. */
  #endDialog(conversation: Conversation, dialog: Dialog): void {
    const { skillId, features } = conversation
    const isDue = this.#settings.survey && skillId !== '-1' && features.includes('MULTI_DIALOG')
    if (dialog.type === 'MAIN' && isDue) startSurvey(conversation)
    else closeAll(conversation)
  }

  /** The agent's side; `verdict` of a publish is as a consumer's. */
  act(call: {
    readonly agentId: string
    readonly conversationId: string
    readonly act: string
    readonly numbers: readonly number[] | undefined
  }): Verdict {
    const { agentId, act } = call
    const conversation = this.find(call.conversationId)
    if (conversation === undefined) return refused(40451)
    const [main] = conversation.dialogs
    const dialog = conversation.dialogs.findLast(({ isOpen }) => isOpen) ?? main
    const last = dialog?.said.findLastIndex(
      said => said.role === 'CONSUMER' && (said.event as OracleEvent).type !== 'AcceptStatusEvent',
    )
    const isReceipt = act === 'accept' || act === 'read'
    if (isReceipt && call.numbers === undefined && last === -1) return refused(40052)
    if (!conversation.isOpen || dialog === undefined) return refused(40054)
    if (act === 'join') return { body: {} }
    if (act === 'close' || act === 'startSurvey') {
      if (act === 'startSurvey' && !main?.isOpen) return refused(40054)
      if (act === 'close') this.#endDialog(conversation, dialog)
      else startSurvey(conversation)
      return { body: {} }
    }
    const event = {
      say: { type: 'ContentEvent', contentType: 'text/plain', message: 'from the agent' },
      type: { type: 'ChatStateEvent', chatState: 'COMPOSING' },
      accept: { type: 'AcceptStatusEvent', status: 'ACCEPT', sequenceList: call.numbers ?? [last] },
      read: { type: 'AcceptStatusEvent', status: 'READ', sequenceList: call.numbers ?? [last] },
    }[act] as OracleEvent
    const dialogId = dialog.id ?? ''
    return this.publish({ by: agentId, role: 'ASSIGNED_AGENT', dialogId, event })
  }
}

const newDialog = (id: string | undefined, type: Dialog['type']): Dialog => ({
  id,
  type,
  isOpen: true,
  said: [],
  chatStates: new Map(),
  chatHistory: [],
})

const isConsumersContent = ({ role, event }: Said): boolean =>
  role === 'CONSUMER' && (event as OracleEvent).type === 'ContentEvent'

const pathOf = ({ message }: OracleEvent): string =>
  (message as { relativePath: string }).relativePath

/** Rule: CS-1. */
function end(dialog: Dialog): void {
  dialog.isOpen = false
  dialog.chatStates.clear()
}

function closeAll(conversation: Conversation): void {
  conversation.isOpen = false
  for (const dialog of conversation.dialogs) end(dialog)
}

function startSurvey(conversation: Conversation): void {
  for (const dialog of conversation.dialogs) end(dialog)
  conversation.dialogs.push(newDialog(undefined, 'POST_SURVEY'))
}
