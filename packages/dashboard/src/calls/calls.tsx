import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { type CallEntry, readEntry } from '../live/journal.ts'
import { attempt, call } from '../live/mock.ts'
import { account, navigate, route, toPlace } from '../live/route.ts'
import { ruleById } from '../live/rules.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { DetailHead, HeaderList, Part } from '../parts/detail.tsx'
import { Empty } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { JsonView, type Mark } from '../parts/json-view.tsx'
import { Prose } from '../parts/prose.tsx'
import { toDateTime } from '../parts/time.tsx'
import { CallList, toneOf } from './call-list.tsx'
import { toCurl, toTest, toVerify } from './copies.ts'

type Problem = CallEntry['problems'][number]

const toMark =
  (level: Mark['level']) =>
  ({ path, expected, received, rule }: Problem): Mark => ({
    pointer: path,
    message: `expected ${expected}, received ${received} (${rule})`,
    level,
  })

const isInBody = ({ path }: Problem): boolean => path === '' || path.startsWith('/')

const marksOf = ({ problems, diagnostics }: CallEntry): readonly Mark[] => [
  ...problems.filter(isInBody).map(toMark('problem')),
  ...diagnostics.filter(isInBody).map(toMark('diagnostic')),
]

/** A rule with its sentence, its evidence and where it is known from. */
const RuleLine = ({ id }: { readonly id: string }): JSX.Element => {
  const rule = ruleById.value.get(id)
  return (
    <li>
      <a href={toPlace({ room: 'rules', id, filters: {} })}>
        <code>{id}</code>
      </a>{' '}
      <Prose text={rule?.text ?? ''} />
      {rule && (
        <span class="muted">
          {' '}
          {rule.evidence}
          {rule.sources.length > 0 && `: ${rule.sources.join(', ')}`}
        </span>
      )}
    </li>
  )
}

const Body = ({
  body,
  raw,
  marks,
  label,
}: {
  readonly body: unknown
  readonly raw: CallEntry['raw']
  readonly marks?: readonly Mark[]
  readonly label: string
}): JSX.Element =>
  body !== undefined ? (
    <JsonView value={body} label={label} {...(marks && { marks })} />
  ) : (
    <p class="muted">
      {raw === undefined ? 'No body' : `${raw.bytes} bytes that are no JSON`}
      {raw?.text !== undefined && <code class="raw">{raw.text}</code>}
    </p>
  )

const Problems = ({ problems }: { readonly problems: readonly Problem[] }): JSX.Element => (
  <ul class="problems">
    {problems.map(({ message, rule, evidence }) => (
      <li key={message}>
        {message} <code>{rule}</code> <span class="muted">{evidence}</span>
      </li>
    ))}
  </ul>
)

/** Sends a request again, and shows the call that it made. */
async function sendAgain(requestId: string): Promise<void> {
  const { entry } = await call('resendRequest', { accountId: account.peek(), requestId })
  navigate({ id: String(entry.id) })
}

const Actions = ({
  entry,
  id,
}: {
  readonly entry: CallEntry
  readonly id: string
}): JSX.Element => (
  <div class="actions">
    <CopyButton text={() => toCurl(entry)} label="Copy as curl" />
    <CopyButton text={() => toTest(entry)} label="Copy as vitest test" />
    {entry.operation !== null && <CopyButton text={() => toVerify(entry)} label="Copy as verify" />}
    {entry.operation !== null && (
      <button type="button" class="quiet" onClick={() => void attempt(() => sendAgain(id))}>
        <Icon name="send" />
        Send again
      </button>
    )}
  </div>
)

const Found = ({ entry, id }: { readonly entry: CallEntry; readonly id: string }): JSX.Element => {
  const { answer, status, problems, diagnostics, rules, fault } = entry
  const hint = answer?.headers['x-sendbox-hint']
  return (
    <>
      <DetailHead>
        <span
          class={`status ${toneOf({ operation: entry.operation, ...(status !== undefined && { status }) })}`}
        >
          {status ?? 'no answer'}
        </span>{' '}
        {entry.operation ?? 'no operation'}
      </DetailHead>
      <div class="call-body">
        <p class="ellipsis-all">
          <code>
            {entry.method} {entry.path}
          </code>
        </p>
        <p class="muted">
          {toDateTime(entry.time)}
          {entry.durationMs !== undefined && `, ${entry.durationMs.toFixed(2)} ms`}
          {entry.extConsumerId !== undefined && `, consumer ${entry.extConsumerId}`}
          {entry.by !== undefined && `, sent by ${entry.by}`}
        </p>
        {entry.conversationId !== undefined && (
          <p>
            <a href={toPlace({ room: 'conversations', id: entry.conversationId, filters: {} })}>
              Conversation {entry.conversationId}
            </a>
          </p>
        )}
        {hint !== undefined && (
          <p class="hint" role="note">
            {hint}
          </p>
        )}
        {fault && (
          <p class="hint fault">
            {fault.faultId} acted: the response was {fault.delivery}
          </p>
        )}
        <Actions entry={entry} id={id} />
        {problems.length > 0 && (
          <Part title="Why it was refused">
            <Problems problems={problems} />
          </Part>
        )}
        {diagnostics.length > 0 && (
          <Part title="Deviations that were accepted">
            <Problems problems={diagnostics} />
          </Part>
        )}
        <Part title="Request">
          <HeaderList headers={entry.headers} />
          <Body
            body={entry.body}
            raw={entry.raw}
            marks={marksOf(entry)}
            label="Body of the request"
          />
        </Part>
        {answer && (
          <Part title="Answer">
            <HeaderList headers={answer.headers} />
            <Body body={answer.body} raw={answer.raw} label="Body of the answer" />
          </Part>
        )}
        {rules.length > 0 && (
          <Part title="Rules that decided">
            <ul class="rules">
              {rules.map(rule => (
                <RuleLine key={rule} id={rule} />
              ))}
            </ul>
          </Part>
        )}
      </div>
    </>
  )
}

/** A call with its answer, why it was decided so, and the lines that repeat it. */
function CallPage(): JSX.Element | null {
  const { id } = route.value
  const accountId = account.value
  const found = useSignal<CallEntry | 'evicted' | undefined>(undefined)
  useEffect(() => {
    let isGone = false
    found.value = undefined
    void (async () => {
      const isShown = await attempt(async () => {
        const entry = await readEntry(accountId, id)
        if (!isGone) found.value = entry ?? 'evicted'
      })
      if (!isShown && !isGone) found.value = 'evicted'
    })()
    return () => {
      isGone = true
    }
  }, [accountId, id])
  if (id === '') return null
  return (
    <section class="detail-pane" aria-label="Call">
      {found.value === 'evicted' ? (
        <Empty title="No such call">
          <p>The journal has evicted it, or was cleared.</p>
          <a href={toPlace({ id: '' })}>Back to the list</a>
        </Empty>
      ) : (
        found.value && <Found entry={found.value} id={id} />
      )}
    </section>
  )
}

/** Every request that reached the mock, live, and why it was answered as it was. */
export const Calls = (): JSX.Element => (
  <div class={`room panes ${route.value.id === '' ? '' : 'has-detail'}`}>
    <CallList />
    <CallPage />
  </div>
)
