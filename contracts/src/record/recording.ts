import { findAccountId } from '../find-operation.ts'
import { parseJson, stringsIn } from '../json.ts'
import { createSecrets } from '../secrets.ts'
import { type CallStep, type Trace, TraceSchema } from '../traces/trace.ts'
import { ValueBinder } from './bind-values.ts'
import { checkCall, type RecordedCall } from './check-call.ts'
import { SessionTokens } from './session-tokens.ts'
import { toStep, toTitle } from './to-step.ts'

/** One line of the recording's output. */
export interface CallSummary {
  readonly title: string
  readonly status: number
  /** Differences from the schema, and reasons why a replay would fail. */
  readonly problems: readonly string[]
  /** The step of the trace, without the secrets that are known so far; absent if the trace has none for it. */
  readonly step?: CallStep
}

/** The calls of a recording, in the order in which they began. */
export interface Recording {
  /** Reserves the next step, because calls may overlap; the returned function adds the call after its response. */
  begin(): (call: RecordedCall) => CallSummary
  /** The trace, or `undefined` without steps. Throws a `ZodError` if a service made something that is no trace. */
  toTrace(): Trace | undefined
}

/** Not in a trace, because each replay requests tokens and domains itself, and logins and app installs have secrets. */
const excluded: readonly RecordedCall['operationId'][] = [
  'appToken',
  'consumer',
  'baseUri',
  'baseUris',
  'agentLogin',
  'appInstalls',
  'appInstall',
  'replaceAppInstall',
  'deleteAppInstall',
]

/** Creates an empty recording. */
export function createRecording({
  name,
  startedAt,
}: {
  readonly name: string
  readonly startedAt: Date
}): Recording {
  const secrets = createSecrets()
  const binder = new ValueBinder()
  const tokens = new SessionTokens(secrets)
  const steps: (CallStep | undefined)[] = []
  const day = startedAt.toISOString().slice(0, 10)
  const source = `recording ${day}`

  const checkIds = ({ request, response }: RecordedCall): string[] =>
    response.status >= 400
      ? []
      : [...new Set(stringsIn(parseJson(request.bytes), 'conversationId', 'dialogId'))]
          .filter(id => id !== '' && !binder.isBound(id))
          .map(id => `${id} is of before the recording: the trace will not replay`)

  /** Redacts the parts of a step that callers and services wrote; its other fields are words of the trace's own. */
  const redactStep = (step: CallStep): CallStep => {
    const { title, problems, headers, path, query, body, answer } = step
    return {
      ...step,
      title: secrets.redact(title),
      ...(problems && { problems: problems.map(problem => secrets.redact(problem)) }),
      ...(headers && { headers: secrets.redactJson(headers) }),
      ...(path !== undefined && { path: secrets.redactJson(path) }),
      ...(query && { query: secrets.redactJson(query) }),
      ...(body !== undefined && { body: secrets.redactJson(body) }),
      answer: secrets.redactJson(answer),
    }
  }

  return {
    begin() {
      const index = steps.push(undefined) - 1
      return call => {
        const accountId = findAccountId(call.request.path)
        if (accountId !== undefined) binder.bind('accountId', accountId)
        tokens.learn(call)
        const summary = { title: secrets.redact(toTitle(call)), status: call.response.status }
        const differences = checkCall(call).map(problem => secrets.redact(problem))
        if (excluded.includes(call.operationId)) return { ...summary, problems: differences }
        const caller = tokens.callerOf(call)
        const problems = [...differences, ...checkIds(call)]
        const step = toStep(call, { binder, caller, source, problems })
        steps[index] = step
        return { ...summary, problems, step: redactStep(step) }
      }
    },
    toTrace() {
      const recorded = steps.filter(step => step !== undefined)
      if (recorded.length === 0) return undefined
      const title = `What a connector and a service said on ${day}`
      const format = { format: 'sendbox-trace', version: 1, name, title }
      return TraceSchema.parse({ ...format, steps: recorded.map(redactStep) })
    },
  }
}
