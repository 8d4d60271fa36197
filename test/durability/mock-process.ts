import { monitorEventLoopDelay } from 'node:perf_hooks'
import { runCli } from '../../packages/mock-server/src/cli.ts'

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()

// Whoever started this process may ask how it is.
process.on('message', () => {
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ rss, heapUsed, external, delayP99Ms: delay.percentile(99) / 1e6 })
  delay.reset()
})

// A question must not keep the process from ending.
process.channel?.unref()

await runCli(process.argv.slice(2))
