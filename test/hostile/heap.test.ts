import { expect, test } from 'vitest'
import { startLimited } from '../durability/start-mock.ts'
import { accountId, toPublish, toText } from './session.ts'

const path = `/api/account/${accountId}/messaging/consumer/conversation`

/** As many elements as 1 MB has room for. */
const megabyteOf = (element: string): string =>
  `[${Array(Math.floor(1_000_000 / (element.length + 1)))
    .fill(element)
    .join()}]`

const update = (fields: string): string =>
  `{"id":"1","type":"cm.UpdateConversationField","body":{"conversationId":"c","conversationField":${fields}}}`

const receipt = (numbers: string): string =>
  toPublish(`{"type":"AcceptStatusEvent","status":"READ","sequenceList":${numbers}}`)

test('bodies of 1 MB that are wrong throughout, without a token, do not end a mock with 256 MiB of heap', async () => {
  await using mock = await startLimited({ heapMebibytes: 256 })
  const send = async (operation: string, body: string): Promise<number> => {
    const response = await fetch(`${mock.url}${path}${operation}?v=3`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await response.arrayBuffer()
    return response.status
  }
  const elements = ['1', '{}', '[]', '"a"']
  const sends = elements.flatMap(element => [
    toText('x', `,"metadata":${megabyteOf(element)}`),
    update(megabyteOf(element)),
    receipt(megabyteOf(element)),
  ])
  for (const body of sends) expect(await send('/send', body)).toBe(401)
  for (const element of elements) expect(await send('', megabyteOf(element))).toBe(401)
  // All of them together.
  expect(new Set(await Promise.all(sends.map(body => send('/send', body))))).toEqual(new Set([401]))
  expect(await mock.stop()).toBe(0)
})
