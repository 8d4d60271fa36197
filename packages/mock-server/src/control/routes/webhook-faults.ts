import { z } from 'zod'
import { WebhookFaultSchema, WebhookFaultViewSchema } from '../../faults/webhook-fault.ts'
import type { ServiceResponse } from '../../http/response.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  refuseControl,
} from '../operation.ts'

const path = '/accounts/{accountId}/webhook-faults'
const pathOfOne = `${path}/{faultId}`

const noSuchFault = (accountId: string, faultId: string): ServiceResponse =>
  refuseControl(
    404,
    `Account ${accountId} has no webhook fault ${faultId}; GET ${controlPrefix}/accounts/${accountId}/webhook-faults lists those it has`,
  )

export const addWebhookFault = defineControlOperation({
  id: 'addWebhookFault',
  method: 'POST',
  path,
  summary: 'Adds a fault of webhook deliveries, which acts from the next notification on',
  body: WebhookFaultSchema,
  answers: { 201: WebhookFaultViewSchema },
  handle: ({ params: { accountId = '' }, body }, { webhooks }) => ({
    status: 201,
    body: webhooks.of(accountId).faults.add(body),
  }),
})

export const listWebhookFaults = defineControlOperation({
  id: 'listWebhookFaults',
  method: 'GET',
  path,
  summary: 'Lists the webhook faults of an account, oldest first, and how often each has acted',
  answers: { 200: z.array(WebhookFaultViewSchema) },
  handle: ({ params: { accountId = '' } }, { webhooks }) => ({
    status: 200,
    body: webhooks.of(accountId).faults.list(),
  }),
})

export const getWebhookFault = defineControlOperation({
  id: 'getWebhookFault',
  method: 'GET',
  path: pathOfOne,
  summary: 'Shows a webhook fault, and how often it has acted',
  answers: { 200: WebhookFaultViewSchema, 404: ControlRefusalSchema },
  handle({ params: { accountId = '', faultId = '' } }, { webhooks }) {
    const body = webhooks.of(accountId).faults.get(faultId)
    return body ? { status: 200, body } : noSuchFault(accountId, faultId)
  },
})

export const removeWebhookFault = defineControlOperation({
  id: 'removeWebhookFault',
  method: 'DELETE',
  path: pathOfOne,
  summary: 'Removes a webhook fault, and shows it for the last time',
  answers: { 200: WebhookFaultViewSchema, 404: ControlRefusalSchema },
  handle({ params: { accountId = '', faultId = '' } }, { webhooks }) {
    const { faults } = webhooks.of(accountId)
    const body = faults.get(faultId)
    faults.remove(faultId)
    return body ? { status: 200, body } : noSuchFault(accountId, faultId)
  },
})

export const clearWebhookFaults = defineControlOperation({
  id: 'clearWebhookFaults',
  method: 'DELETE',
  path,
  summary: 'Removes all webhook faults of an account, and shows them for the last time',
  answers: { 200: z.array(WebhookFaultViewSchema) },
  handle({ params: { accountId = '' } }, { webhooks }) {
    const { faults } = webhooks.of(accountId)
    const body = faults.list()
    faults.clear()
    return { status: 200, body }
  },
})
