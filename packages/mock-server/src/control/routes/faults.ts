import { z } from 'zod'
import { type CallFaults, FaultSchema, FaultViewSchema } from '../../faults/call-fault.ts'
import { explainFull } from '../../faults/registry.ts'
import {
  WebhookFaultSchema,
  type WebhookFaults,
  WebhookFaultViewSchema,
} from '../../faults/webhook-fault.ts'
import type { Services } from '../../services.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  refuseControl,
} from '../operation.ts'

/** The routes of one kind of faults. */
interface FaultRoutes<
  Suffix extends string,
  Segment extends string,
  Schema extends z.ZodType,
  View extends z.ZodType,
> {
  /** Ends the operations' ids: `addFault`, `listFaults`. */
  readonly idSuffix: Suffix
  /** The last segment of their path. */
  readonly segment: Segment
  /** Names one in summaries and errors. */
  readonly name: string
  readonly addSummary: string
  readonly schema: Schema
  readonly viewSchema: View
  /** To be changed. */
  readonly registryOf: (services: Services, accountId: string) => CallFaults | WebhookFaults
  /** To be read only. */
  readonly peekAt: (services: Services, accountId: string) => CallFaults | WebhookFaults
}

const toFaultOperations = <
  Suffix extends string,
  Segment extends string,
  Schema extends z.ZodType,
  View extends z.ZodType,
>({
  idSuffix,
  segment,
  name,
  addSummary,
  schema,
  viewSchema,
  registryOf,
  peekAt,
}: FaultRoutes<Suffix, Segment, Schema, View>) => {
  const path = `/accounts/{accountId}/${segment}` as const
  const pathOfOne = `${path}/{faultId}` as const
  const noSuchFault = (accountId: string, faultId: string) =>
    refuseControl(
      404,
      `Account ${accountId} has no ${name} ${faultId}; GET ${controlPrefix}/accounts/${accountId}/${segment} lists those it has`,
    )
  return [
    defineControlOperation({
      id: `add${idSuffix}` as const,
      method: 'POST',
      path,
      summary: addSummary,
      body: schema,
      responses: { 201: viewSchema, 409: ControlRefusalSchema },
      handle({ params: { accountId = '' }, body }, services) {
        const faults = registryOf(services, accountId)
        if (faults.isFull) return refuseControl(409, explainFull(name))
        return { status: 201, body: faults.add(body as never) }
      },
    }),
    defineControlOperation({
      id: `list${idSuffix}s` as const,
      method: 'GET',
      path,
      summary: `Lists the ${name}s of an account, oldest first, and how often each has acted`,
      responses: { 200: z.array(viewSchema) },
      handle: ({ params: { accountId = '' } }, services) => ({
        status: 200,
        body: peekAt(services, accountId).list(),
      }),
    }),
    defineControlOperation({
      id: `get${idSuffix}` as const,
      method: 'GET',
      path: pathOfOne,
      summary: `Shows a ${name}, and how often it has acted`,
      responses: { 200: viewSchema, 404: ControlRefusalSchema },
      handle({ params: { accountId = '', faultId = '' } }, services) {
        const body = peekAt(services, accountId).get(faultId)
        return body ? { status: 200, body } : noSuchFault(accountId, faultId)
      },
    }),
    defineControlOperation({
      id: `remove${idSuffix}` as const,
      method: 'DELETE',
      path: pathOfOne,
      summary: `Removes a ${name}, and shows it for the last time`,
      responses: { 200: viewSchema, 404: ControlRefusalSchema },
      handle({ params: { accountId = '', faultId = '' } }, services) {
        const faults = registryOf(services, accountId)
        const body = faults.get(faultId)
        faults.remove(faultId)
        return body ? { status: 200, body } : noSuchFault(accountId, faultId)
      },
    }),
    defineControlOperation({
      id: `clear${idSuffix}s` as const,
      method: 'DELETE',
      path,
      summary: `Removes all ${name}s of an account, and shows them for the last time`,
      responses: { 200: z.array(viewSchema) },
      handle({ params: { accountId = '' } }, services) {
        const faults = registryOf(services, accountId)
        const body = faults.list()
        faults.clear()
        return { status: 200, body }
      },
    }),
  ] as const
}

export const callFaultOperations = toFaultOperations({
  idSuffix: 'Fault',
  segment: 'faults',
  name: 'fault',
  addSummary: 'Adds a fault, which acts from the next call on',
  schema: FaultSchema,
  viewSchema: FaultViewSchema,
  registryOf: ({ faults }, accountId) => faults.of(accountId),
  peekAt: ({ faults }, accountId) => faults.peek(accountId),
})

export const webhookFaultOperations = toFaultOperations({
  idSuffix: 'WebhookFault',
  segment: 'webhook-faults',
  name: 'webhook fault',
  addSummary: 'Adds a fault of webhook deliveries, which acts from the next notification on',
  schema: WebhookFaultSchema,
  viewSchema: WebhookFaultViewSchema,
  registryOf: ({ webhooks }, accountId) => webhooks.of(accountId).faults,
  peekAt: ({ webhooks }, accountId) => webhooks.peek(accountId).faults,
})
