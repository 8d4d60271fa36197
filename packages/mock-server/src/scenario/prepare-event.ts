import {
  createProblem,
  isRecord,
  parseConversationBatch,
  parseSendRequest,
  type Result,
  type SendRequest,
} from '@sendbox/schema'
import { type AgentAction, AgentActionSchema } from '../accounts/agent-action.ts'
import { checkInput } from '../parse-input.ts'
import type { Settings } from '../settings.ts'
import { DialogTypeSchema } from '../store/conversation-schemas.ts'
import {
  createScenarioProblem,
  problemAt,
  type ScenarioPath,
  type ScenarioProblem,
} from './problem.ts'
import type { ConsumerEvent, ScenarioConversation, ScenarioEvent } from './scenario-schema.ts'

/** An event that was checked: for the agent, or for the consumer. */
export type PreparedEvent =
  | { readonly by: 'agent'; readonly action: AgentAction }
  | { readonly by: 'consumer'; readonly request: SendRequest; readonly file?: Buffer }
  | { readonly by: 'form'; readonly formId: string; readonly title: string | undefined }

type Prepared<Value> = Result<Value, readonly ScenarioProblem[]>

/** The dialog of an event that names none. */
export const openDialogName = 'OPEN'

const submission = 'forms/secure-submission'

const fail = (...problems: ScenarioProblem[]): Prepared<never> => ({ ok: false, refusal: problems })

/** A path in place of one that follows from the upload. */
const pathToCome = 'to come'

/** Rule: PUB-5. */
function readFile(
  base64: string,
  path: ScenarioPath,
  { limits: { fileBytes } }: Settings,
): Prepared<Buffer> {
  const file = Buffer.from(base64, 'base64')
  if (file.byteLength <= fileBytes) return { ok: true, value: file }
  const expected = `a file of at most ${fileBytes} bytes`
  const received = file.byteLength
  return fail(createProblem({ path: [...path, 'base64'], expected, received, rule: 'PUB-5.2' }))
}

type Fields = Readonly<Record<string, unknown>>

/** Adds the dialog of a `DialogChange` that names none. */
const withDialog = (field: Fields): Fields =>
  field['field'] === 'DialogChange' && isRecord(field['dialog'])
    ? { ...field, dialog: { dialogId: openDialogName, ...field['dialog'] } }
    : field

/** The event as a body of SEND, with the parts that a scenario leaves out. */
function toRequest(event: ConsumerEvent): unknown {
  const { type, body } = event
  const head = { kind: 'req', id: '1', type }
  if (event.type === 'userprofile.SetUserProfile') return { ...head, body }
  if (event.type === 'cm.UpdateConversationField') {
    const conversationField = event.body.conversationField.map(withDialog)
    return { ...head, body: { conversationId: 'of the scenario', conversationField } }
  }
  const { base64, metadata } = event
  const { dialogId = openDialogName, event: sent } = event.body
  const message =
    base64 !== undefined && isRecord(sent['message'])
      ? { message: { relativePath: pathToCome, ...sent['message'] } }
      : {}
  return {
    ...head,
    body: { dialogId, event: { ...sent, ...message } },
    ...(metadata && { metadata }),
  }
}

const dialogNames: readonly string[] = [...DialogTypeSchema.options, openDialogName]

/** The dialogs of `DialogChange` that are no types. */
const findForeignDialogs = (request: SendRequest, path: ScenarioPath): ScenarioProblem[] =>
  request.type !== 'cm.UpdateConversationField'
    ? []
    : request.body.conversationField.flatMap((field, index) => {
        if (field.field !== 'DialogChange' || dialogNames.includes(field.dialog.dialogId)) return []
        const place = [...path, 'body', 'conversationField', index, 'dialog', 'dialogId']
        const expected = `a type of dialog, ${DialogTypeSchema.options.join(', ')}, as a scenario has no ids`
        return [createScenarioProblem(place, expected, field.dialog.dialogId)]
      })

function prepareSubmission(message: unknown, path: ScenarioPath): Prepared<PreparedEvent> {
  const { formId, title } = isRecord(message) ? message : {}
  const place = [...path, 'body', 'event', 'message']
  if (typeof formId !== 'string')
    return fail(createScenarioProblem([...place, 'formId'], 'the formId of an invitation', formId))
  if (title !== undefined && typeof title !== 'string')
    return fail(createScenarioProblem([...place, 'title'], 'text', title))
  return { ok: true, value: { by: 'form', formId, title } }
}

function prepareForConsumer(
  event: ConsumerEvent,
  path: ScenarioPath,
  settings: Settings,
): Prepared<PreparedEvent> {
  const isPublish = event.type === 'ms.PublishEvent'
  if (isPublish && event.body.event['contentType'] === submission)
    return prepareSubmission(event.body.event['message'], path)
  const parsed = parseSendRequest(toRequest(event), settings)
  if (!parsed.ok) return fail(...parsed.problems.map(problem => problemAt(path, problem)))
  const { request } = parsed
  const foreign = findForeignDialogs(request, path)
  if (foreign.length > 0) return fail(...foreign)
  if (!isPublish || event.base64 === undefined)
    return { ok: true, value: { by: 'consumer', request } }
  const sent = request.type === 'ms.PublishEvent' ? request.body.event : undefined
  if (sent?.type !== 'ContentEvent' || sent.contentType !== 'hosted/file')
    return fail(
      createScenarioProblem([...path, 'base64'], 'nothing without a hosted/file', event.base64),
    )
  const file = readFile(event.base64, path, settings)
  return file.ok ? { ok: true, value: { by: 'consumer', request, file: file.value } } : file
}

/** Checks an event as the service and `POST …/agent` do. */
export function prepareEvent(
  event: ScenarioEvent,
  path: ScenarioPath,
  settings: Settings,
): Prepared<PreparedEvent> {
  if (event.from === 'consumer') return prepareForConsumer(event, path, settings)
  const { from: _, at: __, afterMs: ___, settings: ____, ...action } = event
  const parsed = checkInput(AgentActionSchema, action)
  if (!parsed.ok) return fail(...parsed.refusal.map(problem => problemAt(path, problem)))
  return { ok: true, value: { by: 'agent', action: parsed.value } }
}

type Batch = Extract<ReturnType<typeof parseConversationBatch>, { ok: true }>['request']
type BodyOf<Type extends Batch[number]['type']> = Extract<Batch[number], { type: Type }>['body']

/** The bodies that open a conversation. */
export interface PreparedOpening {
  readonly profile: BodyOf<'userprofile.SetUserProfile'>
  readonly request: BodyOf<'cm.ConsumerRequestConversation'>
}

const partNames = ['profile', 'open'] as const

/** Checks profile and opening as CONVERSATION does. Rules: CON-1, CON-3, PRO-1. */
export function prepareOpening(
  { profile = {}, open = {} }: ScenarioConversation,
  path: ScenarioPath,
  { accountId, mode }: { readonly accountId: string; readonly mode: Settings['mode'] },
): Prepared<PreparedOpening> {
  const batch = [
    { kind: 'req', id: '1', type: 'userprofile.SetUserProfile', body: profile },
    { kind: 'req', id: '2', type: 'cm.ConsumerRequestConversation', body: open },
  ]
  const parsed = parseConversationBatch(batch, { mode, limits: false })
  if (!parsed.ok)
    return fail(
      ...parsed.problems.map(problem => {
        const [, index, , ...rest] = problem.path.split('/')
        const part = rest.length === 0 ? '' : `/${rest.join('/')}`
        const message = problem.message.replace(problem.path, part)
        return problemAt([...path, partNames[Number(index)] ?? 'open'], {
          ...problem,
          path: part,
          message,
        })
      }),
    )
  const [set, opening] = parsed.request
  if (
    set?.type !== 'userprofile.SetUserProfile' ||
    opening?.type !== 'cm.ConsumerRequestConversation'
  )
    throw new Error('A checked opening lacks a part')
  const { brandId = accountId } = opening.body
  if (brandId !== accountId)
    return fail(
      createProblem({
        path: [...path, 'open', 'brandId'],
        expected: accountId,
        received: brandId,
        rule: 'CON-3',
      }),
    )
  return { ok: true, value: { profile: set.body, request: opening.body } }
}
