import { operations } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { callFaultActions, FaultActionSchema } from '../../../src/faults/call-fault.ts'
import { namesOf } from '../../../src/faults/fault.ts'
import { parseMagicValue } from '../../../src/http/find-fault.ts'
import { type FaultInput, startMockServer } from '../../../src/index.ts'
import { codesOf, examplesOf, rowsOfSection } from '../../faults-page.ts'
import { call, startConsumerSession, text } from '../consumer-session.ts'
import { openRawCall, readRawAnswer, textsOf, toRawPublish, untilActed } from '../raw-call.ts'

const actionNames = namesOf(callFaultActions).filter(
  name => callFaultActions[name].phase !== 'parameter',
)

test('each example of a fault of calls in docs/faults.md is taken, and each action has one', async () => {
  await using server = await startMockServer()
  const examples = examplesOf('calls')
  expect(examples).toHaveLength(19)
  const url = `${server.url}/__sendbox/accounts/12345678/faults`
  const headers = { 'Content-Type': 'application/json' }
  for (const body of examples) {
    const { status, json } = await call(url, { method: 'POST', headers, body })
    expect([body, status, json]).toMatchObject([body, 201, JSON.parse(body)])
  }
  const actions = server
    .account()
    .faults.list()
    .map(({ action }) => Object.keys(action))
  expect(new Set(actions.flat())).toEqual(new Set(Object.keys(FaultActionSchema.shape)))
})

test('the table of actions in docs/faults.md follows from the table in the code', () => {
  const values = { delayMs: 1, status: 503, body: 'x', headers: {} }
  const exampleOf = (name: string) => ({ [name]: true, ...values })[name]
  const isValid = (...names: readonly string[]) =>
    FaultActionSchema.safeParse(Object.fromEntries(names.map(name => [name, exampleOf(name)])))
      .success
  const processed = { before: 'yes', instead: 'no', after: 'yes', parameter: '' }
  const expected = actionNames.map(name => {
    const others = namesOf(callFaultActions).filter(other => other !== name && isValid(name, other))
    const isProcessed = processed[callFaultActions[name].phase]
    return [
      name,
      name === 'applyTwice' ? 'twice' : isProcessed,
      others.length === actionNames.length - 1 ? 'everything' : others,
    ]
  })
  const documented = rowsOfSection('Actions')
    .filter(([, , , , combines]) => combines !== '')
    .map(([action, , isProcessed, , combines = '']) => [
      codesOf(action)[0],
      isProcessed,
      combines === 'everything' ? combines : codesOf(combines),
    ])
  expect(documented).toEqual(expected)
})

/** The bytes that the caller of a text gets, by the action; the patterns exclude each other where the rows do. */
const wire: Readonly<Record<(typeof actionNames)[number], RegExp>> = {
  delayMs: /^HTTP\/1\.1 200 [\s\S]*"sequence":0\}\}$/,
  status: /^HTTP\/1\.1 (429 [\s\S]*"errorCode":42950|502 [\s\S]*\r\n\r\n<h1>Bad Gateway<\/h1>$)/,
  body: /never/,
  headers: /never/,
  reset: /^ECONNRESET$/,
  hang: /^closed by the test$/,
  truncate: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n\{"reqId":"1","co[^}]*$/,
  malformed: /^HTTP\/1\.1 200 [\s\S]*\r\n\r\n(?!\{"reqId)/,
  loseAnswer: /^FIN$/,
  applyTwice: /^HTTP\/1\.1 200 [\s\S]*"sequence":1\}\}$/,
}

const times: Readonly<Record<string, number>> = { yes: 1, no: 0, twice: 2 }

test.each(
  rowsOfSection('Actions').map(([action, , isProcessed = '', example]) => ({
    action: codesOf(action)[0] as keyof typeof wire,
    isProcessed,
    example: codesOf(example)[0] ?? '',
  })),
)('docs/faults.md: $example does what its row says', async ({ action, isProcessed, example }) => {
  await using session = await startConsumerSession()
  const account = session.server.account()
  account.faults.add(JSON.parse(example) as FaultInput)
  const publish = toRawPublish(session, text('hello'))
  const socket = openRawCall({ ...publish, headers: { ...publish.headers, Connection: 'close' } })
  const answer = readRawAnswer(socket)
  await untilActed(account)
  if (action === 'hang') socket.destroy()
  const { text: bytes, end } = await answer
  expect(bytes === '' ? end : bytes).toMatch(wire[action])
  expect((await textsOf(session)).slice(1)).toHaveLength(times[isProcessed] ?? -1)
})

test('the operations that a fault can name are all of the table', () => {
  const row = rowsOfSection('Criteria').find(([name]) => name === '`operation`')
  expect(codesOf(row?.[1])).toEqual(Object.keys(operations))
})

test('the magic values of docs/faults.md are those of the table in the code', () => {
  const rows = rowsOfSection('Magic values').map(([value, action]) =>
    [value, action].flatMap(codesOf),
  )
  const parsed = rows.map(([value = '']) => {
    const fault = parseMagicValue(value)
    return [fault?.faultId, ...Object.keys(fault?.action ?? {})]
  })
  expect(rows).toEqual(parsed)
  expect(rows.map(([, action]) => action)).toEqual(
    actionNames.filter(name => 'magic' in callFaultActions[name]),
  )
})
