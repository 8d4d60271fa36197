import { z } from 'zod'
import { FaultSchema, FaultViewSchema } from '../../faults/call-fault.ts'
import type { ServiceResponse } from '../../http/response.ts'
import {
  ControlRefusalSchema,
  controlPrefix,
  defineControlOperation,
  refuseControl,
} from '../operation.ts'

const path = '/accounts/{accountId}/faults'
const pathOfOne = `${path}/{faultId}`

const noSuchFault = (accountId: string, faultId: string): ServiceResponse =>
  refuseControl(
    404,
    `Account ${accountId} has no fault ${faultId}; GET ${controlPrefix}/accounts/${accountId}/faults lists those it has`,
  )

export const addFault = defineControlOperation({
  id: 'addFault',
  method: 'POST',
  path,
  summary: 'Adds a fault, which acts from the next call on',
  body: FaultSchema,
  answers: { 201: FaultViewSchema },
  handle: ({ params: { accountId = '' }, body }, { faults }) => ({
    status: 201,
    body: faults.of(accountId).add(body),
  }),
})

export const listFaults = defineControlOperation({
  id: 'listFaults',
  method: 'GET',
  path,
  summary: 'Lists the faults of an account, oldest first, and how often each has acted',
  answers: { 200: z.array(FaultViewSchema) },
  handle: ({ params: { accountId = '' } }, { faults }) => ({
    status: 200,
    body: faults.of(accountId).list(),
  }),
})

export const getFault = defineControlOperation({
  id: 'getFault',
  method: 'GET',
  path: pathOfOne,
  summary: 'Shows a fault, and how often it has acted',
  answers: { 200: FaultViewSchema, 404: ControlRefusalSchema },
  handle({ params: { accountId = '', faultId = '' } }, { faults }) {
    const body = faults.of(accountId).get(faultId)
    return body ? { status: 200, body } : noSuchFault(accountId, faultId)
  },
})

export const removeFault = defineControlOperation({
  id: 'removeFault',
  method: 'DELETE',
  path: pathOfOne,
  summary: 'Removes a fault, and shows it for the last time',
  answers: { 200: FaultViewSchema, 404: ControlRefusalSchema },
  handle({ params: { accountId = '', faultId = '' } }, { faults }) {
    const body = faults.of(accountId).get(faultId)
    faults.of(accountId).remove(faultId)
    return body ? { status: 200, body } : noSuchFault(accountId, faultId)
  },
})

export const clearFaults = defineControlOperation({
  id: 'clearFaults',
  method: 'DELETE',
  path,
  summary: 'Removes all faults of an account, and shows them for the last time',
  answers: { 200: z.array(FaultViewSchema) },
  handle({ params: { accountId = '' } }, { faults }) {
    const body = faults.of(accountId).list()
    faults.of(accountId).clear()
    return { status: 200, body }
  },
})
