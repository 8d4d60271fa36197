import { GenerateUrlResponseSchema } from '@sendbox/schema'
import { expect, test } from 'vitest'
import type { FaultInput } from '../../../src/index.ts'
import { startConsumerSession } from '../consumer-session.ts'
import { type RawAnswer, rawAnswer, rawCall } from '../raw-call.ts'

/** Uploads a file under a fault; returns the response, and the file of a download after it. */
async function uploadUnder(action: FaultInput['action']) {
  await using session = await startConsumerSession()
  const { server } = session
  const ask = async (type: 'Upload' | 'Download', body: unknown) => {
    const answer = await session.send({ id: 1, type: `ms.GenerateURLFor${type}File`, body })
    return GenerateUrlResponseSchema.parse(answer.json).body
  }
  const toUrl = ({ relativePath, queryParams }: Awaited<ReturnType<typeof ask>>) =>
    `${server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
  const place = await ask('Upload', { fileSize: 4, fileType: 'PNG' })
  const download = async (): Promise<string> => {
    const response = await fetch(toUrl(await ask('Download', place)))
    return response.status === 200 ? response.text() : `${response.status}`
  }
  const before = await download()
  server.account().faults.add({ match: { operation: 'upload' }, action })
  const answer: RawAnswer = await rawCall({ method: 'PUT', url: toUrl(place), body: 'abcd' })
  return { before, answer, after: await download() }
}

const fault = 'x-sendbox-fault: fault-1'

test('keeps no file where a fault acts before the model', async () => {
  const seen = await uploadUnder({ status: 507, body: 'full' })
  const head = ['HTTP/1.1 507 Insufficient Storage', 'Content-Type: text/plain;charset=utf-8']
  const answer = rawAnswer([...head, 'Content-Length: 4', fault], 'full')
  expect(seen).toEqual({ before: '404', answer, after: '404' })
  expect(await uploadUnder({ reset: true })).toEqual({
    before: '404',
    answer: { text: '', end: 'ECONNRESET' },
    after: '404',
  })
})

test('keeps the file where its answer is lost', async () => {
  expect(await uploadUnder({ loseAnswer: true })).toEqual({
    before: '404',
    answer: { text: '', end: 'FIN' },
    after: 'abcd',
  })
})

test('promises a byte and sends none where the answer has no body to truncate', async () => {
  const head = ['HTTP/1.1 201 Created', 'Content-Type: application/octet-stream']
  expect(await uploadUnder({ truncate: true })).toEqual({
    before: '404',
    answer: rawAnswer([...head, 'Content-Length: 1', fault], ''),
    after: 'abcd',
  })
})

test('answers an upload with a body that is not JSON', async () => {
  const head = ['HTTP/1.1 201 Created', 'Content-Type: application/json;charset=utf-8']
  expect(await uploadUnder({ malformed: true })).toEqual({
    before: '404',
    answer: rawAnswer([...head, 'Content-Length: 21', fault], '{"sendbox":"malformed'),
    after: 'abcd',
  })
})
