import { webhookEventTypes } from '@sendbox/schema'
import { z } from 'zod'
import {
  DeliveriesMissedSchema,
  DeliveriesWaitSchema,
  explainNoEndpoint,
  explainNoRedelivery,
  explainNoWebhook,
  testWebhook,
  waitForDeliveries,
} from '../../handle/webhooks.ts'
import { DeliverySchema } from '../../webhooks/delivery.ts'
import { DeliveryQuerySchema } from '../../webhooks/delivery-log.ts'
import { InstallViewSchema } from '../../webhooks/install-view.ts'
import {
  ControlRefusalSchema,
  defineControlOperation,
  maxPageSize,
  maxWaits,
  pageSize,
  refuseControl,
  refuseWait,
  toNextLink,
} from '../operation.ts'

const path = '/accounts/{accountId}/webhooks'

const PageQuerySchema = DeliveryQuerySchema.extend({
  /** Only deliveries before the one with this id. */
  before: z
    .string()
    .regex(/^delivery-\d+$/, 'the id of a delivery')
    .exactOptional(),
  /** The maximum number of deliveries, the newest ones. */
  limit: z.coerce.number().int().min(1).max(maxPageSize).default(pageSize),
})

export const listDeliveries = defineControlOperation({
  id: 'listDeliveries',
  method: 'GET',
  path,
  summary:
    'Lists the newest webhook deliveries of an account with their attempts, newest last, and how its installs are doing; `Link` leads to older ones',
  query: PageQuerySchema,
  responses: {
    200: z.object({
      deliveries: z.array(DeliverySchema),
      dropped: z.int().min(0),
      installs: z.array(InstallViewSchema),
    }),
  },
  async handle({ params: { accountId = '' }, query }, { webhooks, flush }) {
    const own = webhooks.peek(accountId)
    const { log } = own
    const { before: _before, limit: _limit, ...match } = query
    const { page, hasMore } = log.listPage(match, query)
    const body = { deliveries: page, dropped: log.dropped, installs: own.listInstalls() }
    // Deliveries that are listed as stored must be on disk.
    await flush?.()
    const [first] = page
    if (!hasMore || first === undefined) return { status: 200, body }
    const ownPath = `/accounts/${encodeURIComponent(accountId)}/webhooks`
    return {
      status: 200,
      body,
      headers: toNextLink(ownPath, { ...query, before: first.deliveryId }),
    }
  },
})

/** A timeout is 422: HTTP clients retry a 408 by themselves. */
export const waitForDeliveriesOperation = defineControlOperation({
  id: 'waitForDeliveries',
  method: 'POST',
  path: `${path}/wait`,
  summary:
    'Answers once so many webhook deliveries are in a state, those before included, or explains why not',
  body: DeliveriesWaitSchema,
  responses: {
    200: z.object({ ok: z.literal(true), deliveries: z.array(DeliverySchema) }),
    422: DeliveriesMissedSchema,
    429: ControlRefusalSchema,
  },
  async handle({ params: { accountId = '' }, body, signal }, { webhooks }) {
    const own = webhooks.of(accountId)
    if (own.waits >= maxWaits) return refuseWait(accountId)
    const waited = await waitForDeliveries(own.log, body, signal)
    return { status: waited.ok ? 200 : 422, body: waited }
  },
})

export const waitForIdleWebhooks = defineControlOperation({
  id: 'waitForIdleWebhooks',
  method: 'POST',
  path: `${path}/idle`,
  summary:
    'Answers once no webhook delivery is queued or in flight; retries wait for the clock and do not count',
  responses: { 200: z.object({ idle: z.literal(true) }), 429: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, signal }, { webhooks }) {
    const own = webhooks.of(accountId)
    if (own.waits >= maxWaits) return refuseWait(accountId)
    await own.idle(signal)
    return { status: 200, body: { idle: true } }
  },
})

export const testWebhookOperation = defineControlOperation({
  id: 'testWebhook',
  method: 'POST',
  path: `${path}/test`,
  summary:
    'Sends a test notification of an event type to the endpoints that are registered for it, once and without retries, and answers after that',
  body: z.strictObject({ event: z.enum(webhookEventTypes) }),
  responses: { 200: z.object({ deliveries: z.array(DeliverySchema) }), 409: ControlRefusalSchema },
  async handle({ params: { accountId = '' }, body: { event } }, services) {
    const deliveries = await testWebhook(accountId, event, services)
    return deliveries.length === 0
      ? refuseControl(409, explainNoEndpoint(accountId, event))
      : { status: 200, body: { deliveries } }
  },
})

export const redeliver = defineControlOperation({
  id: 'redeliver',
  method: 'POST',
  path: `${path}/{deliveryId}/redeliver`,
  summary: 'Tries a webhook delivery once more, and answers after that',
  responses: { 200: DeliverySchema, 404: ControlRefusalSchema, 409: ControlRefusalSchema },
  async handle({ params: { accountId = '', deliveryId = '' } }, { webhooks }) {
    const result = await webhooks.of(accountId).redeliver(deliveryId)
    const delivery = webhooks.of(accountId).log.show(deliveryId)
    if (result === undefined || delivery === undefined)
      return refuseControl(404, explainNoRedelivery(accountId, deliveryId))
    return result === 'unregistered'
      ? refuseControl(409, explainNoWebhook(delivery))
      : { status: 200, body: delivery }
  },
})
