import type { ControlInput } from '@sendbox/mock-server/control'
import type { JSX } from 'preact'
import { attempt, call } from '../live/mock.ts'
import { account, navigate, route, toPlace } from '../live/route.ts'
import { followArrows } from '../parts/arrow-keys.ts'
import { Empty } from '../parts/empty.tsx'
import { FilterChips, SelectFilter } from '../parts/filters.tsx'
import { openForm } from '../parts/form-dialog.tsx'
import { Time } from '../parts/time.tsx'
import { DeliveryPage } from './delivery-page.tsx'
import {
  appInstall,
  type Delivery,
  deliveries,
  type Install,
  toneOfOutcome,
  toShortType,
} from './webhooks-store.ts'

const Row = ({
  delivery,
  isStop,
}: {
  readonly delivery: Delivery
  /** Whether the Tab key stops at it, as it does at the one that is shown. */
  readonly isStop: boolean
}): JSX.Element => {
  const { deliveryId, eventType, state, attempts, createdAt, endpoint } = delivery
  const isShown = route.value.id === deliveryId
  return (
    <a
      class="delivery-row"
      href={toPlace({ id: deliveryId })}
      aria-current={isShown ? 'true' : undefined}
      tabIndex={isShown || isStop ? 0 : -1}
    >
      <Time at={createdAt} />
      <span class={`state ${state}`}>{state}</span>
      <span class="ellipsis">{toShortType(eventType)}</span>
      <span class="timeline">
        {attempts.slice(-6).map(one => (
          <span
            key={one.attempt}
            class={`dot ${toneOfOutcome(one.outcome)}`}
            title={`attempt ${one.attempt}: ${one.outcome}, ${one.durationMs} ms`}
          >
            {one.outcome}
          </span>
        ))}
      </span>
      <span class="ellipsis muted">{endpoint}</span>
    </a>
  )
}

const InstallLine = ({ install }: { readonly install: Install }): JSX.Element => (
  <li>
    <code>{install.clientId}</code>
    <span class={`state install-${install.state.toLowerCase().replace(' ', '-')}`}>
      {install.state}
    </span>
    {install.stored > 0 && <span class="badge">{install.stored} stored</span>}
    {install.slowEndpoints.map(endpoint => (
      <span key={endpoint} class="badge late">
        slow: {endpoint}
      </span>
    ))}
    {(install.diagnostics ?? []).map(({ message }) => (
      <span key={message} class="hint">
        {message}
      </span>
    ))}
  </li>
)

type Webhooks = NonNullable<
  NonNullable<NonNullable<typeof appInstall.value.value>['capabilities']>['webhooks']
>

/** A webhook of a manifest, as far as it is shown. */
interface Endpoint {
  readonly endpoint?: string
  readonly max_retries?: number
}

/** The endpoints of the manifest by their event type; `retry` is the policy of all. */
function endpointsOf(webhooks: Webhooks): readonly {
  readonly type: string
  readonly endpoint: string
  readonly retries: number | undefined
}[] {
  const named = webhooks as Readonly<Record<string, unknown>>
  return Object.entries(named).flatMap(([type, webhook]) => {
    const { endpoint, max_retries: retries } = (webhook ?? {}) as Endpoint
    return endpoint === undefined ? [] : [{ type, endpoint, retries }]
  })
}

/** Registers an endpoint for every kind of event, in place of the manifest's. */
const editEndpoints = (webhooks: Webhooks | undefined): void =>
  openForm({
    title: 'The webhooks of the app',
    text: 'The manifest’s `capabilities.webhooks`: an endpoint for each event type. It replaces the present one.',
    action: 'Register',
    fields: [
      {
        name: 'webhooks',
        label: 'webhooks (JSON)',
        kind: 'area',
        value: JSON.stringify(
          webhooks ?? {
            'ms.MessagingEventNotification.ContentEvent': {
              endpoint: 'http://127.0.0.1:3000/webhook',
            },
          },
          null,
          2,
        ),
      },
    ],
    submit: ({ webhooks: text = '' }) =>
      attempt(async () => {
        await call('putAppInstall', {
          accountId: account.peek(),
          body: { capabilities: { webhooks: JSON.parse(text) as Webhooks } },
        })
        appInstall.refresh()
      }),
  })

const askForTest = (types: readonly string[]): void =>
  openForm({
    title: 'Send a test notification',
    text: 'It is attempted once, signed as any other, and marked as a test.',
    action: 'Send',
    fields: [
      {
        name: 'event',
        label: 'Event type',
        value: types[0] ?? '',
        options: types.map(type => [type, type] as const),
      },
    ],
    submit: ({ event = '' }) =>
      attempt(async () => {
        const sent = await call('testWebhook', {
          accountId: account.peek(),
          body: { event: event as ControlInput<'testWebhook'>['body']['event'] },
        })
        const [delivery] = sent.deliveries
        deliveries.refresh()
        if (delivery) navigate({ id: delivery.deliveryId })
      }),
  })

const Overview = (): JSX.Element => {
  const webhooks = appInstall.value.value?.capabilities?.webhooks
  const endpoints = webhooks ? endpointsOf(webhooks) : []
  const retention = webhooks?.retry?.retention_time
  return (
    <div class="overview">
      <ul class="installs">
        {(deliveries.value.value?.installs ?? []).map(install => (
          <InstallLine key={install.clientId} install={install} />
        ))}
      </ul>
      <details>
        <summary>
          {endpoints.length} endpoints in the manifest
          {retention !== undefined && `, undelivered ones are stored for ${retention} s`}
        </summary>
        <dl class="headers">
          {endpoints.map(({ type, endpoint, retries }) => (
            <div key={type}>
              <dt>{toShortType(type)}</dt>
              <dd>
                {endpoint}
                {retries !== undefined && `, at most ${retries} retries`}
              </dd>
            </div>
          ))}
        </dl>
      </details>
      <div class="actions">
        <button type="button" onClick={() => editEndpoints(webhooks)}>
          Change the endpoints…
        </button>
        {endpoints.length > 0 && (
          <button type="button" onClick={() => askForTest(endpoints.map(({ type }) => type))}>
            Send a test notification…
          </button>
        )}
      </div>
    </div>
  )
}

const states = ['pending', 'stored', 'delivered', 'failed', 'dropped'].map(
  state => [state, state] as const,
)

function matches({ state, conversationId, eventType }: Delivery): boolean {
  const { filters } = route.value
  return (
    (filters['state'] ?? state) === state &&
    (filters['conversation'] ?? conversationId) === conversationId &&
    (filters['type'] ?? eventType) === eventType
  )
}

/** What went to the connector, and what became of it. */
export function Webhooks(): JSX.Element {
  const list = deliveries.value.value
  const all = list?.deliveries ?? []
  const shown = all.filter(matches).toReversed()
  const chosen = all.find(({ deliveryId }) => deliveryId === route.value.id)
  const types = [...new Set(all.map(({ eventType }) => eventType))]
  return (
    <div class={`room panes ${chosen ? 'has-detail' : ''}`}>
      <section class="list-pane wide" aria-label="Deliveries">
        <Overview />
        <div class="filters">
          <SelectFilter name="state" label="Any state" options={states} />
          <SelectFilter
            name="type"
            label="Any event type"
            options={types.map(type => [type, toShortType(type)] as const)}
          />
        </div>
        <FilterChips names={{ conversation: 'conversation' }} />
        {deliveries.problem.value !== undefined && (
          <p class="refusal">{deliveries.problem.value}</p>
        )}
        {/* The rows are links; the list adds the arrow keys. */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: see above */}
        <div
          class="rows"
          onKeyDown={event => followArrows(event, event.currentTarget, '.delivery-row')}
        >
          {shown.map((delivery, index) => (
            <Row key={delivery.deliveryId} delivery={delivery} isStop={index === 0} />
          ))}
          {list && shown.length === 0 && (
            <Empty title={all.length > 0 ? 'None matches the filters' : 'No webhook yet'}>
              {all.length === 0 && (
                <p>
                  Each event of a conversation is sent to the endpoints of the app’s manifest.
                  Register one above, then let the agent speak.
                </p>
              )}
            </Empty>
          )}
        </div>
      </section>
      {chosen && <DeliveryPage delivery={chosen} />}
    </div>
  )
}
