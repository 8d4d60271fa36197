import { expect } from 'vitest'
import { createService } from '../../../src/app/create-app.ts'
import { EventFeed } from '../../../src/events/event-feed.ts'
import { Sink } from '../../event-sink.ts'
import type { LimitCheck } from '../../limits-table.ts'

/** Milliseconds after which events are sent. */
const sent = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20))

function createFeed() {
  const feed = new EventFeed(createService({}).settings.atStart.events.entries)
  const add = (count: number, faultId = ''): void => {
    const data = { accountId: '1', at: 0, faultId }
    for (let index = 0; index < count; index += 1)
      feed.add({ kind: 'fault', accountId: '1', status: data.at }, JSON.stringify(data))
  }
  const open = (after?: string): Sink => {
    const sink = new Sink()
    feed.open(sink, { after }, () => {})
    return sink
  }
  return { add, open }
}

export const streamLimits: Readonly<Record<string, LimitCheck>> = {
  async 'events of a stream'({ numbers: [maximum = 0] }) {
    const { add, open } = createFeed()
    const sink = open()
    add(1)
    await sent()
    add(maximum)
    expect(open(sink.lastId).text).not.toContain('event: gap')
    const { lastId } = sink
    add(1)
    expect(open(lastId).text).toContain('event: gap')
  },

  async 'a reader of events that does not keep up'({ numbers: [maximum = 0] }) {
    const { add, open } = createFeed()
    const sink = open()
    sink.isFree = false
    add(1)
    await sent()
    // An event is some 75 characters longer than its fault id.
    add(1)
    add(2, 'x'.repeat(maximum / 2 - 200))
    await sent()
    expect(sink.state).toBe('open')
    add(1, 'x'.repeat(400))
    await sent()
    expect(sink.text).toContain('event: dropped')
    sink.destroy()
  },
}
