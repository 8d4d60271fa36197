import type { ControlAnswer, ControlInput } from '@sendbox/mock-server/control'
import type { JSX } from 'preact'
import { attempt, call } from '../live/mock.ts'
import { account } from '../live/route.ts'
import { createLive } from '../live/store.ts'
import { openForm } from '../parts/form-dialog.tsx'

type CallFault = ControlInput<'addFault'>['body']
type WebhookFault = ControlInput<'addWebhookFault'>['body']

/** The faults of the account, of calls and of webhooks. */
const faults = createLive({
  async read(accountId) {
    const [calls, webhooks] = await Promise.all([
      call('listFaults', { accountId }),
      call('listWebhookFaults', { accountId }),
    ])
    return { calls, webhooks }
  },
  changesWith: ({ event, data }) =>
    event === 'fault' || event === 'delivery' || (event === 'call' && data.faultId !== undefined),
})

interface FaultCard<Fault> {
  readonly title: string
  readonly text: string
  readonly fault: Fault
}

/** Faults of calls that a connector meets in production, one click each. */
const callCards: readonly FaultCard<CallFault>[] = [
  {
    title: 'Lose the next answer',
    text: 'The next message is processed, and its answer never arrives: does a repeat make it double?',
    fault: { match: { operation: 'send' }, action: { loseAnswer: true }, times: 1 },
  },
  {
    title: '429 twice',
    text: 'The next two calls are told to slow down.',
    fault: { match: { operation: 'send' }, action: { status: 429 }, times: 2 },
  },
  {
    title: '503 three times',
    text: 'An outage of three calls.',
    fault: { match: { operation: 'send' }, action: { status: 503 }, times: 3 },
  },
  {
    title: 'Slow 1 to 3 s',
    text: 'Every call waits before it is processed, until this is removed.',
    fault: { match: { operation: 'send' }, action: { delayMs: { uniform: [1000, 3000] } } },
  },
  {
    title: 'Reset the connection',
    text: 'The next call ends in ECONNRESET, unprocessed.',
    fault: { match: { operation: 'send' }, action: { reset: true }, times: 1 },
  },
  {
    title: 'Never answer',
    text: 'The next call hangs: which timeout ends it?',
    fault: { match: { operation: 'send' }, action: { hang: true }, times: 1 },
  },
  {
    title: 'Half an answer',
    text: 'The next answer ends in its middle.',
    fault: { match: { operation: 'send' }, action: { truncate: true }, times: 1 },
  },
  {
    title: 'Process it twice',
    text: 'The next call is applied twice, as the retry of a proxy does.',
    fault: { match: { operation: 'send' }, action: { applyTwice: true }, times: 1 },
  },
]

/** Faults of webhooks. */
const webhookCards: readonly FaultCard<WebhookFault>[] = [
  {
    title: 'Webhook twice',
    text: 'The next notification comes a second time.',
    fault: { action: { twice: true }, times: 1 },
  },
  {
    title: 'Lose a webhook',
    text: 'The next notification is never sent.',
    fault: { action: { lose: true }, times: 1 },
  },
  {
    title: 'Out of order',
    text: 'The next notification comes behind the one after it.',
    fault: { action: { holdBack: true }, times: 1 },
  },
  {
    title: 'Before the answer',
    text: 'The next notification comes before the answer of the call that caused it.',
    fault: { action: { beforeAnswer: true }, times: 1 },
  },
  {
    title: 'Receiver fails',
    text: 'The next attempt counts as answered with 500.',
    fault: { action: { status: 500 }, times: 1 },
  },
  {
    title: 'Receiver is slow',
    text: 'The next attempt counts as timed out.',
    fault: { action: { timeout: true }, times: 1 },
  },
]

/** Changes faults, and shows them as they are then. */
const change = async (act: () => Promise<unknown>): Promise<boolean> => {
  const isDone = await attempt(act)
  faults.refresh()
  return isDone
}

const addCallFault = (body: CallFault): Promise<boolean> =>
  change(() => call('addFault', { accountId: account.peek(), body }))

const addWebhookFault = (body: WebhookFault): Promise<boolean> =>
  change(() => call('addWebhookFault', { accountId: account.peek(), body }))

function Cards<Fault>({
  cards,
  add,
}: {
  readonly cards: readonly FaultCard<Fault>[]
  readonly add: (fault: Fault) => Promise<boolean>
}): JSX.Element {
  return (
    <ul class="fault-cards">
      {cards.map(({ title, text, fault }) => (
        <li key={title}>
          <button type="button" onClick={() => void add(fault)}>
            <strong>{title}</strong>
            <span>{text}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Writes a fault by hand, in the form of docs/faults.md. */
const writeFault = (kind: 'call' | 'webhook'): void => {
  const [sample] = kind === 'call' ? callCards : webhookCards
  openForm({
    title: kind === 'call' ? 'A fault of calls' : 'A fault of webhooks',
    action: 'Add',
    fields: [
      {
        name: 'fault',
        label: 'Fault (JSON)',
        kind: 'area',
        value: JSON.stringify(sample?.fault ?? {}, null, 2),
      },
    ],
    submit: ({ fault = '' }) =>
      change(() => {
        const accountId = account.peek()
        return kind === 'call'
          ? call('addFault', { accountId, body: JSON.parse(fault) as CallFault })
          : call('addWebhookFault', { accountId, body: JSON.parse(fault) as WebhookFault })
      }),
  })
}

type FaultView = ControlAnswer<'listFaults'>[number] | ControlAnswer<'listWebhookFaults'>[number]

const titleId = 'faults-title'

const FaultRow = ({
  fault,
  remove,
}: {
  readonly fault: FaultView
  readonly remove: () => void
}): JSX.Element => (
  <tr>
    <td>{fault.faultId}</td>
    <td>
      <code>{JSON.stringify(fault.action)}</code>
    </td>
    <td>
      <code>{JSON.stringify(fault.match)}</code>
    </td>
    <td>
      {fault.acted} of {fault.matched}
    </td>
    <td>{fault.remaining ?? 'always'}</td>
    <td>
      <button
        type="button"
        onClick={() => {
          // The row goes with its fault.
          document.getElementById(titleId)?.focus()
          remove()
        }}
        aria-label={`Remove ${fault.faultId}`}
      >
        Remove
      </button>
    </td>
  </tr>
)

const Active = (): JSX.Element => {
  const { calls = [], webhooks = [] } = faults.value.value ?? {}
  const accountId = account.value
  if (calls.length + webhooks.length === 0)
    return <p class="muted">No fault is set: every call is answered as the rules say.</p>
  return (
    <div class="table-scroll">
      <table>
        <thead>
          <tr>
            <th>Fault</th>
            <th>Action</th>
            <th>Match</th>
            <th>Acted</th>
            <th>Left</th>
            <th>
              <span class="hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map(fault => (
            <FaultRow
              key={fault.faultId}
              fault={fault}
              remove={() =>
                void change(() => call('removeFault', { accountId, faultId: fault.faultId }))
              }
            />
          ))}
          {webhooks.map(fault => (
            <FaultRow
              key={fault.faultId}
              fault={fault}
              remove={() =>
                void change(() => call('removeWebhookFault', { accountId, faultId: fault.faultId }))
              }
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The faults that are set, and a catalogue of others. */
export const FaultsPart = (): JSX.Element => (
  <section class="part" aria-labelledby={titleId}>
    <h2 id={titleId} tabIndex={-1}>
      Faults
    </h2>
    <Active />
    <h3>Of calls</h3>
    <Cards cards={callCards} add={addCallFault} />
    <h3>Of webhooks</h3>
    <Cards cards={webhookCards} add={addWebhookFault} />
    <div class="actions">
      <button type="button" onClick={() => writeFault('call')}>
        Another fault of calls…
      </button>
      <button type="button" onClick={() => writeFault('webhook')}>
        Another fault of webhooks…
      </button>
    </div>
  </section>
)
