import { expect, test } from 'vitest'
import { type MockServer, startMockServer } from '../../../src/index.ts'
import { startConsumerSession, text } from '../consumer-session.ts'

async function readMetrics(server: MockServer): Promise<string[]> {
  const response = await fetch(`${server.url}/__sendbox/metrics`)
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  return (await response.text()).split('\n').filter(line => line.startsWith('sendbox_'))
}

test('counts calls by operation and status, faults, and what is kept', async () => {
  await using session = await startConsumerSession({ settings: { journal: { entries: 2 } } })
  const { server } = session
  await session.publish(text('one'))
  await session.publish(text('two'))
  await session.publish({ type: 'none' })
  server.account().faults.add({ action: { status: 503 }, times: 1 })
  await session.publish(text('three'))
  await fetch(`${server.url}/nowhere`)
  await server.account('2').conversations.open('zoe')
  await session.close()
  const metrics = await readMetrics(server)
  const counts = metrics.filter(line => !line.startsWith('sendbox_request_duration_seconds'))
  expect(counts.toSorted()).toEqual(
    [
      'sendbox_requests_total{operation="send",status="200"} 3',
      'sendbox_requests_total{operation="send",status="400"} 1',
      'sendbox_requests_total{operation="send",status="503"} 1',
      'sendbox_requests_total{operation="none",status="404"} 1',
      'sendbox_faults_acted_total{operation="send",delivery="whole"} 1',
      'sendbox_accounts 2',
      'sendbox_conversations{stage="OPEN"} 1',
      'sendbox_conversations{stage="CLOSE"} 1',
      'sendbox_journal_entries 2',
      'sendbox_journal_dropped 3',
      'sendbox_webhook_deliveries{state="pending"} 0',
      'sendbox_webhook_deliveries{state="stored"} 0',
      'sendbox_webhook_deliveries{state="delivered"} 0',
      'sendbox_webhook_deliveries{state="failed"} 0',
      'sendbox_webhook_deliveries{state="dropped"} 0',
      'sendbox_build_info{version="0.1.0"} 1',
    ].toSorted(),
  )
  expect(metrics).toContain('sendbox_request_duration_seconds_count{operation="send"} 5')
})

test('two mocks of one process count apart', async () => {
  await using session = await startConsumerSession()
  await using other = await startMockServer()
  await session.publish(text('one'))
  const hasRequests = (lines: string[]) => lines.some(line => line.includes('requests_total'))
  expect(hasRequests(await readMetrics(session.server))).toBe(true)
  expect(hasRequests(await readMetrics(other))).toBe(false)
})
