import { findPort, startChild, waitUntil } from './child.js'
import { load } from './load.js'
import { peers } from './peers.js'
import { toSendCall } from './send-call.js'

/** Resident memory of the command, with its default journal and transcript bounds. */
export async function measureMemory({ isQuick, say }) {
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  const child = startChild(peers[0].command(port))
  try {
    await waitUntil(async () => (await fetch(`${url}/__sendbox/health`)).ok, child)
    const result = [{ sends: 0, rssMb: child.rssMb() }]
    const call = await toSendCall(url)
    const step = isQuick ? 1000 : 100_000
    for (let sends = step; sends <= 10 * step; sends += step) {
      await load({ url, call, amount: step })
      result.push({ sends, rssMb: child.rssMb() })
      say(`${sends} sends: ${child.rssMb().toFixed(0)} MB`)
    }
    return result
  } finally {
    await child.stop()
  }
}
