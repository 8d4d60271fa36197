import { expect, test } from 'vitest'
import { call, startConsumerSession } from '../consumer-session.ts'

const long = '12345678901234567890'
const longest = '7'.repeat(400)

test.each([
  [long, long],
  [`-${long}`, `-${long}`],
  ['1234567890123456', '1234567890123456'],
  ['9007199254740993', '9007199254740993'],
  [longest, longest],
  ['1.0', '1.0'],
  ['0.10', '0.10'],
  ['1e3', '1e3'],
  ['1E+3', '1E+3'],
  ['-0', '-0'],
  ['3', '3'],
  [` ${long} `, long],
  [`"${long}"`, long],
  ['"1,"', '1,'],
  ['"\\u0031"', '1'],
])(
  'repeats the id %s as %s, in a success, a refusal and the journal [RES-2]',
  async (id, reqId) => {
    await using session = await startConsumerSession()
    const { sendUrl, headers, conversationId, server } = session
    const post = (type: string) =>
      call(sendUrl, {
        method: 'POST',
        headers,
        body: `{"metadata":{"id":1,"type":"x"},"id":${id},"type":"${type}","body":{"conversationId":"${conversationId}","conversationField":{"field":"Stage","conversationState":"CLOSE"}}}`,
      })
    expect(await post('cm.UpdateConversationField')).toMatchObject({ status: 200, json: { reqId } })
    expect(await post('cm.Unknown')).toMatchObject({ status: 400, json: { reqId } })
    expect(server.account().requests.list()).toMatchObject([{ reqId }, { reqId }])
  },
)

test('repeats the long id of each item of a batch, and of the first bad one [RES-2]', async () => {
  await using session = await startConsumerSession({ settings: { secondConversation: 'allow' } })
  const { batchUrl, headers, accountId } = session
  const batch = (ttr: string) =>
    `[{"id":${long}1,"type":"userprofile.SetUserProfile","body":{}},{"id":${long}2,"type":"cm.ConsumerRequestConversation","body":{"brandId":"${accountId}","ttrDefName":"${ttr}"}},{"id":1.50,"type":"ms.PublishEvent","body":{"event":{"type":"ChatStateEvent","chatState":"ACTIVE"}}}]`
  const post = (body: string) => call(batchUrl, { method: 'POST', headers, body })
  expect(await post(batch('NORMAL'))).toMatchObject({
    status: 200,
    json: [{ reqId: `${long}1` }, { reqId: `${long}2` }, { reqId: '1.50' }],
  })
  expect(await post(batch('SOON'))).toMatchObject({ status: 400, json: { reqId: `${long}2` } })
})

test('of two ids the last counts, and neither __proto__ nor a depth does harm [RES-2]', async () => {
  await using session = await startConsumerSession()
  const { sendUrl, headers } = session
  const post = (body: string) => call(sendUrl, { method: 'POST', headers, body })
  expect((await post(`{"id":${long}1,"type":"x","id":${long}2}`)).json).toMatchObject({
    reqId: `${long}2`,
  })
  expect((await post(`{"__proto__":{"id":${long}},"id":7,"n":1.5,"type":"x"}`)).json).toMatchObject(
    {
      reqId: '7',
    },
  )
  expect((await post(`{"__proto__":{"id":${long}},"type":"x"}`)).json).not.toHaveProperty('reqId')
  const deep = `{"id":${long},"type":"x","body":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
  expect(await post(deep)).toMatchObject({ status: 400, json: { body: { errorCode: 40050 } } })
  expect(await post(`{"id":${long},"type":"x"`)).toMatchObject({
    json: { body: { errorCode: 40050 } },
  })
  expect(Object.hasOwn(Object.prototype, 'id')).toBe(false)
})
