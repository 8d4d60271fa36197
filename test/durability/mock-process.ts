import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { runCli } from '../../packages/mock-server/src/cli/main.ts'

const givesBackMs = 500

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

/** How much of the RSS is files that are mapped, which the system takes back when it wants to; 0 where it does not say. */
function readMappedBytes(): number {
  try {
    const [, kibibytes] =
      /^RssFile:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    return Number(kibibytes ?? 0) * 1024
  } catch {
    return 0
  }
}

function tell(): void {
  const { rss, heapUsed, external } = process.memoryUsage()
  const mapped = readMappedBytes()
  process.send?.({ rss, mapped, heapUsed, external, delayP99Ms: delay.percentile(99) / 1e6 })
  delay.reset()
}

// Whoever started this process may ask how it is.
process.on('message', question => {
  if (question !== 'collect') return tell()
  globalThis.gc?.()
  // V8 gives pages back to the system by and by.
  setTimeout(tell, givesBackMs)
})

// It does not outlive a test that ended without stopping it.
process.on('disconnect', () => process.exit(1))

// A question must not keep the process from ending.
process.channel?.unref()

await runCli(process.argv.slice(2))
