import { faultedCalls } from './calls.ts'
import { type FaultRow, faultRows } from './rows.ts'
import { startFaultWorld } from './world.ts'

/** Node's own timers, except that waits before retries end immediately; deadlines of whole calls are kept. */
const timers = {
  setTimeout: (callback: () => void, delayMs: number): unknown =>
    setTimeout(callback, delayMs < 60_000 ? 0 : delayMs),
  clearTimeout: (timer: unknown): void => clearTimeout(timer as NodeJS.Timeout),
}

const calls = [
  faultedCalls.sendText,
  faultedCalls.setProfile,
  faultedCalls['sendFile, its upload'],
  faultedCalls['sendText, its AppJWT'],
]

let ended = 0

/** Makes one call after another under one fault, closes the client, and ends nothing else by force. */
async function meetFault({ action }: FaultRow): Promise<void> {
  for (const call of calls) {
    await using world = await startFaultWorld({ timers, now: Date.now })
    world.account.faults.add({ match: call.match, action })
    await call.act(world).catch(() => undefined)
    ended += 1
  }
}

const quickRows = Object.values<FaultRow>(faultRows).filter(
  ({ headersTimeoutMs }) => headersTimeoutMs === undefined,
)
for (const row of quickRows) await meetFault(row)
process.stdout.write(`${ended} of ${quickRows.length * calls.length} calls ended\n`)
