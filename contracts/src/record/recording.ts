import { type CallStep, type Trace, TraceSchema } from '../traces/trace.ts'
import { accountIn } from '../verify/pact-interactions.ts'
import { createSecrets } from '../verify/secrets.ts'
import { createValueBinder } from './bind-values.ts'
import { checkCall } from './check-call.ts'
import { parseJson, type RecordedCall } from './recorded-call.ts'
import { createSessionTokens } from './session-tokens.ts'
import { toStep, toTitle } from './to-step.ts'

/** What whoever records is told of a call. */
export interface CallNote {
  readonly title: string
  readonly status: number
  /** Where call or answer are not as the schema has them, and what a replay could not do. */
  readonly problems: readonly string[]
}

/** Calls on their way into a trace. */
export interface Recording {
  /** Keeps the place of a call, as calls may overlap; the returned function takes it once it is answered. */
  begin(): (call: RecordedCall) => CallNote
  /** The trace, or undefined where nothing came that a trace holds. */
  toTrace(): Trace | undefined
}

/** Tokens and domains are asked for anew by each replay. */
const dropped: readonly RecordedCall['operationId'][] = [
  'appToken',
  'consumer',
  'baseUri',
  'baseUris',
]

/** The ids of conversations and dialogs that a request names. */
function idsIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    ['conversationId', 'dialogId'].includes(name) && typeof value === 'string' && value !== ''
      ? [value]
      : idsIn(value),
  )
}

/** Makes a recording that is empty. */
export function createRecording({
  name,
  startedAt,
}: {
  readonly name: string
  readonly startedAt: Date
}): Recording {
  const secrets = createSecrets()
  const binder = createValueBinder()
  const tokens = createSessionTokens(secrets)
  const steps: (CallStep | undefined)[] = []
  const day = startedAt.toISOString().slice(0, 10)
  const source = `recording ${day}`

  const checkIds = ({ request, answer }: RecordedCall): string[] =>
    answer.status >= 400
      ? []
      : [...new Set(idsIn(parseJson(request.bytes)))]
          .filter(id => !binder.isBound(id))
          .map(id => `${id} is of before the recording: the trace will not replay`)

  return {
    begin() {
      const place = steps.push(undefined) - 1
      return call => {
        const account = accountIn(call.request.path)
        if (account !== undefined) binder.bind('accountId', account)
        tokens.learn(call)
        const title = toTitle(call)
        const { status } = call.answer
        const problems = checkCall(call).map(problem => secrets.redact(problem))
        if (dropped.includes(call.operationId)) return { title, status, problems }
        const caller = tokens.callerOf(call)
        const all = [...problems, ...checkIds(call)]
        steps[place] = toStep(call, { binder, caller, source, problems: all })
        return { title, status, problems: all }
      }
    },
    toTrace() {
      const taken = steps.filter(step => step !== undefined)
      if (taken.length === 0) return undefined
      const title = `What a connector and a service said on ${day}`
      const trace = { format: 'sendbox-trace', version: 1, name, title, steps: taken }
      return TraceSchema.parse(JSON.parse(secrets.redact(JSON.stringify(trace))))
    },
  }
}
