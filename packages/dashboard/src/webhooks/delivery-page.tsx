import type { JSX } from 'preact'
import { now } from '../live/clock.ts'
import { attempt, call } from '../live/mock.ts'
import { account, toPlace } from '../live/route.ts'
import { CopyButton } from '../parts/copy-button.tsx'
import { DetailHead, HeaderList, Part } from '../parts/detail.tsx'
import { Icon } from '../parts/icon.tsx'
import { JsonView } from '../parts/json-view.tsx'
import { toDateTime, toDuration } from '../parts/time.tsx'
import { type Attempt, type Delivery, toneOfOutcome, toShortType } from './webhooks-store.ts'

/** The outcomes without a status, as sentences that say what to do. */
const explanations: Readonly<Record<string, string>> = {
  timeout: 'The receiver did not answer in time: answer before the work is done.',
  refused: "Nothing listens there: start the receiver, or correct the app's endpoint.",
  reset: 'The receiver closed the connection without an answer.',
  unreachable: "Its name or address is unknown here: correct the app's endpoint.",
}

const AttemptView = ({ attempt: one }: { readonly attempt: Attempt }): JSX.Element => (
  <li class={`attempt ${toneOfOutcome(one.outcome)}`}>
    <p>
      <strong>Attempt {one.attempt}</strong> <span class="status">{one.outcome}</span>{' '}
      <span class="muted">
        {toDateTime(one.at)}, {one.durationMs} ms
        {one.faultId !== undefined && `, simulated by ${one.faultId}`}
      </span>
    </p>
    {typeof one.outcome === 'string' && <p>{explanations[one.outcome]}</p>}
    {one.headers && <HeaderList headers={one.headers} what="headers that were sent" />}
    {one.response && one.response.body !== '' && (
      <details open={toneOfOutcome(one.outcome) !== 'fine'}>
        <summary>The receiver's answer{one.response.truncated && ', shortened'}</summary>
        <pre class="raw">{one.response.body}</pre>
      </details>
    )}
  </li>
)

/** The steps by which a receiver checks a signature, with the values of this delivery. Rule: WH-3. */
const Signature = ({ delivery }: { readonly delivery: Delivery }): JSX.Element => {
  const { algorithm, encoding, bodyBytes, sent, expected } = delivery.signature
  const isSame = sent !== null && sent === expected
  return (
    <ol class="steps">
      <li>Take the body as bytes, before any parser: {bodyBytes} bytes.</li>
      <li>
        Compute HMAC-{algorithm.toUpperCase()} with the client secret of{' '}
        <code>{delivery.clientId}</code> in UTF-8.
      </li>
      <li>
        Write it in {encoding === 'hex' ? 'hexadecimal' : 'base64'} behind <code>{algorithm}=</code>
        : <code>{expected ?? 'unknown, as the install is gone'}</code>
      </li>
      <li>
        Compare it, in constant time, with the header <code>x-liveperson-signature</code>:{' '}
        {sent === null ? 'nothing was sent yet.' : <code>{sent}</code>}
      </li>
      {sent !== null && expected !== null && (
        <li class={isSame ? 'fine' : 'refused'}>
          <span class="status">
            {isSame
              ? 'They are equal.'
              : 'They differ: the secret was another one when it was sent.'}
          </span>
        </li>
      )}
    </ol>
  )
}

/** The JSON of a body; a fault may have made it none. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}

/** A delivery with its attempts, its signature step by step, and its body. */
export function DeliveryPage({ delivery }: { readonly delivery: Delivery }): JSX.Element {
  const { deliveryId, eventType, state, endpoint, conversationId, nextAttemptAt, body } = delivery
  const json = parse(body)
  const redeliver = () =>
    attempt(() => call('redeliver', { accountId: account.peek(), deliveryId }))
  return (
    <section class="detail-pane" aria-label="Delivery">
      <DetailHead>
        {toShortType(eventType)} <span class={`state ${state}`}>{state}</span>
      </DetailHead>
      <div class="call-body">
        <p class="muted">
          {deliveryId}, made {toDateTime(delivery.createdAt)}
          {delivery.test && ', a test notification'}
          {delivery.faultId !== undefined && `, ${delivery.faultId} acted on it`}
        </p>
        <p>
          <code class="raw">{endpoint}</code>
        </p>
        {nextAttemptAt !== undefined && (
          <p class="hint">
            The next attempt is due {toDateTime(nextAttemptAt)} by the account's clock, in{' '}
            {toDuration(nextAttemptAt - now.value)};{' '}
            <a href={toPlace({ room: 'trouble' })}>advance the clock</a> to see it.
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={() => void redeliver()}>
            <Icon name="send" />
            Deliver again
          </button>
          <CopyButton text={body} label="Copy the body" />
          {!delivery.test && (
            <a href={toPlace({ room: 'conversations', id: conversationId, filters: {} })}>
              Its conversation
            </a>
          )}
        </div>
        <Part title="Attempts">
          {delivery.attempts.length === 0 ? (
            <p class="muted">None yet.</p>
          ) : (
            <ol class="attempts">
              {delivery.attempts.map(one => (
                <AttemptView key={one.attempt} attempt={one} />
              ))}
            </ol>
          )}
        </Part>
        <Part title="Signature">
          <Signature delivery={delivery} />
        </Part>
        <Part title="Body">
          {json === undefined ? (
            <pre class="raw">{body}</pre>
          ) : (
            <JsonView value={json} label="Body of the notification" />
          )}
        </Part>
      </div>
    </section>
  )
}
