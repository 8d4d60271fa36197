import { expect, test } from 'vitest'
import { toTraceHeaders } from '../../../src/call/trace-context.ts'

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('a trace context becomes header fields', () => {
  expect(toTraceHeaders({ traceparent })).toEqual(['traceparent', traceparent])
  expect(toTraceHeaders({ traceparent, tracestate: 'vendor=1' })).toEqual([
    'traceparent',
    traceparent,
    'tracestate',
    'vendor=1',
  ])
})

test('no context has no header fields', () => {
  expect(toTraceHeaders(undefined)).toEqual([])
})

test.each([
  '',
  '00',
  `${traceparent}\r\nX-Other: 1`,
  traceparent.toUpperCase(),
  traceparent.replace('00', 'ff'),
  traceparent.replace(/-[\da-f]{32}/, `-${'0'.repeat(32)}`),
  traceparent.replace(/-[\da-f]{16}-/, `-${'0'.repeat(16)}-`),
])('the malformed traceparent %j is left out with its tracestate', malformed => {
  expect(toTraceHeaders({ traceparent: malformed, tracestate: 'vendor=1' })).toEqual([])
})

test.each(['a\r\nb', '', 'ü', 'a'.repeat(513)])(
  'the malformed tracestate %j is left out',
  tracestate => {
    expect(toTraceHeaders({ traceparent, tracestate })).toEqual(['traceparent', traceparent])
  },
)
