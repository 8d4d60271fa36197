import { describe, expect, test } from 'vitest'
import { createOwnCertificate } from '../../certificates.ts'
import { startConsumerSession, text } from '../consumer-session.ts'
import {
  openRawCall,
  rawAnswer,
  rawCall,
  readRawAnswer,
  textsOf,
  toRawPublish,
  untilActed,
} from '../raw-call.ts'

const jsonType = 'Content-Type: application/json;charset=utf-8'

const length = (body: string) => `Content-Length: ${body.length}`

const success = (sequence: number) => `{"reqId":"1","code":"OK","body":{"sequence":${sequence}}}`

const transports = [
  ['http', {}],
  ['https', { tls: await createOwnCertificate() }],
] as const

describe.each(transports)('over %s', (_, options) => {
  test('answers a status in place of the model, and names the fault', async () => {
    await using session = await startConsumerSession(options)
    const publish = toRawPublish(session, text('hello'))
    session.server.account().faults.add({ match: {}, action: { status: 503 }, times: 1 })
    expect(await textsOf(session)).toEqual([0])
    const body =
      '{"kind":"resp","reqId":"1","code":503,"body":{"title":"Service Unavailable",' +
      '"details":"Sendbox answers this on purpose, see x-sendbox-fault","errorCode":50399},' +
      '"type":".ReqBody$ErrorResp"}'
    const head = ['HTTP/1.1 503 Service Unavailable', jsonType, length(body)]
    expect(await rawCall(publish)).toEqual(rawAnswer([...head, 'x-sendbox-fault: fault-1'], body))
    expect(await textsOf(session)).toEqual([0])
    expect((await rawCall(publish)).text).toContain(success(0))
    expect(await textsOf(session)).toEqual([1, 'hello'])
  })

  test('resets the connection in place of the model', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { reset: true } })
    expect(await textsOf(session)).toEqual([0])
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual({
      text: '',
      end: 'ECONNRESET',
    })
    expect(await textsOf(session)).toEqual([0])
  })

  test('leaves a call without an answer until the caller gives up', async () => {
    await using session = await startConsumerSession(options)
    const account = session.server.account()
    account.faults.add({ action: { hang: true } })
    expect(await textsOf(session)).toEqual([0])
    const socket = openRawCall(toRawPublish(session, text('hello')))
    const answer = readRawAnswer(socket)
    await untilActed(account)
    socket.destroy()
    expect(await answer).toEqual({ text: '', end: 'closed by the test' })
    expect(await textsOf(session)).toEqual([0])
  })

  test('processes the call and sends half of the answer', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { truncate: true } })
    expect(await textsOf(session)).toEqual([0])
    const whole = success(0)
    const head = ['HTTP/1.1 200 OK', jsonType, length(whole), 'x-sendbox-fault: fault-1']
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual(
      rawAnswer(head, whole.slice(0, Math.floor(whole.length / 2))),
    )
    expect(await textsOf(session)).toEqual([1, 'hello'])
  })

  test('processes the call and answers with a body that is not JSON', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { malformed: true } })
    expect(await textsOf(session)).toEqual([0])
    const body = '{"sendbox":"malformed'
    const head = ['HTTP/1.1 200 OK', jsonType, length(body), 'x-sendbox-fault: fault-1']
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual(rawAnswer(head, body))
    expect(await textsOf(session)).toEqual([1, 'hello'])
  })

  test('processes the call after a delay, and names the fault', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { delayMs: 20 } })
    const body = success(0)
    const head = ['HTTP/1.1 200 OK', jsonType, length(body), 'x-sendbox-fault: fault-1']
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual(rawAnswer(head, body))
  })

  test('processes the call and closes the connection without a byte', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { loseAnswer: true } })
    expect(await textsOf(session)).toEqual([0])
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual({ text: '', end: 'FIN' })
    expect(await textsOf(session)).toEqual([1, 'hello'])
  })

  test('processes the call twice and answers as the second time', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { applyTwice: true }, times: 1 })
    expect(await textsOf(session)).toEqual([0])
    const body = success(1)
    const head = ['HTTP/1.1 200 OK', jsonType, length(body), 'x-sendbox-fault: fault-1']
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual(rawAnswer(head, body))
    expect(await textsOf(session)).toEqual([2, 'hello', 'hello'])
  })

  test('loses the answer of a call that was processed twice', async () => {
    await using session = await startConsumerSession(options)
    session.server.account().faults.add({ action: { applyTwice: true, loseAnswer: true } })
    expect(await rawCall(toRawPublish(session, text('hello')))).toEqual({ text: '', end: 'FIN' })
    expect(await textsOf(session)).toEqual([2, 'hello', 'hello'])
  })

  test('shows a close that is repeated by a proxy as an error, while the conversation is closed', async () => {
    await using session = await startConsumerSession(options)
    const { faults, conversations } = session.server.account()
    faults.add({ match: { type: 'cm.UpdateConversationField' }, action: { applyTwice: true } })
    const answer = await session.close()
    expect([answer.status, answer.json]).toMatchObject([400, { body: { errorCode: 40054 } }])
    expect(answer.headers.get('x-sendbox-fault')).toBe('fault-1')
    expect(answer.headers.has('x-sendbox-rules')).toBe(false)
    expect(await conversations.get(session.conversationId)).toMatchObject({ state: 'CLOSE' })
  })

  test('ends hung calls at once when the mock closes', async () => {
    const session = await startConsumerSession(options)
    const account = session.server.account()
    account.faults.add({ action: { hang: true } })
    const answer = readRawAnswer(openRawCall(toRawPublish(session, text('hello'))))
    await untilActed(account)
    await session.server.close()
    expect(await answer).toEqual({ text: '', end: 'FIN' })
  })

  test('ends hung calls when everything is reset, and forgets the faults', async () => {
    await using session = await startConsumerSession(options)
    const account = session.server.account()
    account.faults.add({ action: { hang: true } })
    const answer = readRawAnswer(openRawCall(toRawPublish(session, text('hello'))))
    await untilActed(account)
    await session.server.reset()
    expect(await answer).toEqual({ text: '', end: 'FIN' })
    expect(account.faults.list()).toEqual([])
    expect(account.faults.add({ action: { hang: true } })).toMatchObject({ faultId: 'fault-1' })
  })
})
