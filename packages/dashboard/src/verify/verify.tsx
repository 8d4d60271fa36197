import { useSignal } from '@preact/signals'
import { type ControlAnswer, ControlError, type ControlInput } from '@sendbox/mock-server/control'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { type CallEntry, readEntry } from '../live/journal.ts'
import { attempt, call } from '../live/mock.ts'
import { account, navigate, route, toPlace } from '../live/route.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { formValues } from '../parts/form-values.ts'
import { JsonView } from '../parts/json-view.tsx'

type Expectation = ControlInput<'verifyRequests'>['body']
type Found = ControlAnswer<'verifyRequests'>

/** A difference of a request from the wanted one. */
interface Difference {
  readonly path: string
  readonly expected: string
  readonly received: string
}

interface NearMiss {
  readonly id: number
  readonly method: string
  readonly path: string
  readonly status?: number
  readonly differences: readonly Difference[]
}

/** The answer to an expectation that did not hold. */
interface Missed {
  readonly ok: false
  readonly reason: string
  readonly message: string
  readonly matched: number
  readonly nearMisses: readonly NearMiss[]
}

/** An expectation that did not hold is 422, with its reasons as body. */
async function verify(accountId: string, body: Expectation): Promise<Found | Missed> {
  try {
    return await call('verifyRequests', { accountId, body })
  } catch (error) {
    if (error instanceof ControlError && error.status === 422) return error.body as Missed
    throw error
  }
}

const fields = [
  ['operation', 'Operation', 'send'],
  ['type', 'Type of the request', 'ms.PublishEvent'],
  ['event', 'Type of the event', 'ContentEvent'],
  ['consumer', 'Consumer', 'zoe'],
  ['conversationId', 'Conversation', ''],
  ['status', 'Status', '200'],
] as const

/** Reads the form; rejects where a field is no number or no JSON. */
function toExpectation(values: Readonly<Record<string, string>>): Expectation {
  const { status = '', count = '', shape = '' } = values
  const texts = fields.flatMap(([name]) =>
    name === 'status' || (values[name] ?? '') === '' ? [] : [[name, values[name]] as const],
  )
  return {
    match: { ...Object.fromEntries(texts), ...(status !== '' && { status: Number(status) }) },
    ...(count !== '' && { count: Number(count) }),
    ...(shape.trim() !== '' && { shape: JSON.parse(shape) as unknown }),
  }
}

/** The wanted and the received values of a request that nearly matched, side by side, and where they lie in it. */
const Near = ({ miss }: { readonly miss: NearMiss }): JSX.Element => {
  const entry = useSignal<CallEntry | undefined>(undefined)
  const accountId = account.value
  useEffect(() => {
    void attempt(async () => {
      entry.value = await readEntry(accountId, String(miss.id))
    })
  }, [accountId, miss.id])
  const marks = miss.differences.map(({ path, expected, received }) => ({
    pointer: path,
    message: `expected ${expected}, received ${received}`,
    level: 'problem' as const,
  }))
  return (
    <li class="part">
      <h3>
        <a href={toPlace({ room: 'calls', id: String(miss.id), filters: {} })}>#{miss.id}</a>{' '}
        {miss.method} {miss.path}, answered {miss.status ?? 'by no status'}
      </h3>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th>Where</th>
              <th>Expected</th>
              <th>Received</th>
            </tr>
          </thead>
          <tbody>
            {miss.differences.map(({ path, expected, received }) => (
              <tr key={path}>
                <td>
                  <code>{path}</code>
                </td>
                <td>
                  <code>{expected}</code>
                </td>
                <td class="refused">
                  <code class="status">{received}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {entry.value && (
        <details>
          <summary>The whole request, with the differences marked</summary>
          <JsonView value={entry.value} marks={marks} label={`Request ${miss.id}`} />
        </details>
      )}
    </li>
  )
}

const Result = ({ result }: { readonly result: Found | Missed }): JSX.Element =>
  result.ok ? (
    <div class="verdict fine" role="status">
      <p>
        <span class="status">It holds.</span> {result.matched}{' '}
        {result.matched === 1 ? 'request matches' : 'requests match'}:{' '}
        {result.ids.map(id => (
          <a key={id} href={toPlace({ room: 'calls', id: String(id), filters: {} })}>
            #{id}{' '}
          </a>
        ))}
      </p>
    </div>
  ) : (
    <div class="verdict" role="status">
      <p class="refusal">{result.message.split('\n')[0]}</p>
      {result.nearMisses.length > 0 && (
        <>
          <h2>The closest to it</h2>
          <ul class="near-misses">
            {result.nearMisses.map(miss => (
              <Near key={miss.id} miss={miss} />
            ))}
          </ul>
        </>
      )}
    </div>
  )

/** A form over `verify`: whether calls came as expected, and what the closest ones differ in. */
export function Verify(): JSX.Element {
  const result = useSignal<Found | Missed | undefined>(undefined)
  const { filters } = route.value
  const submit = (form: HTMLFormElement): void => {
    const values = formValues(form)
    navigate({ filters: values }, true)
    void attempt(async () => {
      result.value = await verify(account.peek(), toExpectation(values))
    })
  }
  return (
    <div class="room page">
      <form
        class="verify-form"
        onSubmit={event => {
          event.preventDefault()
          submit(event.currentTarget)
        }}
      >
        {fields.map(([name, label, placeholder]) => (
          <label key={name} class="field">
            <span>{label}</span>
            <input
              name={name}
              defaultValue={filters[name] ?? ''}
              placeholder={placeholder}
              autocomplete="off"
              spellcheck={false}
            />
          </label>
        ))}
        <label class="field">
          <span>Exactly so many</span>
          <input
            name="count"
            inputMode="numeric"
            defaultValue={filters['count'] ?? ''}
            placeholder="at least one"
            autocomplete="off"
          />
        </label>
        <label class="field wide-field">
          <span>The body has (JSON)</span>
          <textarea
            name="shape"
            rows={3}
            spellcheck={false}
            defaultValue={filters['shape'] ?? ''}
            placeholder='{"body":{"event":{"message":"Hello"}}}'
          />
        </label>
        <div class="actions">
          <button type="submit" class="primary">
            Verify
          </button>
          <CopyButton
            label="Copy for a test"
            text={() => {
              const form = document.querySelector<HTMLFormElement>('.verify-form')
              const expectation = form ? toExpectation(formValues(form)) : {}
              return `await account.requests.verify(${JSON.stringify(expectation)})`
            }}
          />
        </div>
      </form>
      {result.value && <Result result={result.value} />}
    </div>
  )
}
