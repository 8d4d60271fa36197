import { expect, test } from 'vitest'
import { startLimited } from '../durability/start-mock.ts'
import { accountId } from './session.ts'
import { createWrongBodies, sendWrong, type Tokens } from './wrong-bodies.ts'

test('bodies that are wrong throughout do not end a mock with 256 MiB of heap', async () => {
  await using mock = await startLimited({ heapMebibytes: 256 })
  const response = await fetch(`${mock.url}/__sendbox/accounts/${accountId}/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"consumer":"zoe"}',
  })
  const tokens = (await response.json()) as Tokens
  const bodies = createWrongBodies()
  for (const body of bodies)
    expect([body.name, await sendWrong(mock.url, body, tokens)]).toEqual([body.name, body.status])
  // Those of the imitated services all together.
  const sends = bodies.filter(({ path }) => path.startsWith('/api/'))
  expect(await Promise.all(sends.map(body => sendWrong(mock.url, body, tokens)))).toEqual(
    sends.map(({ status }) => status),
  )
  expect(await mock.stop()).toBe(0)
})
