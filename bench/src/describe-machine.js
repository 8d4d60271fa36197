import { availableParallelism, cpus, platform, totalmem } from 'node:os'

/** What a result was measured on; the machine's name is not told. */
export const describeMachine = () => ({
  node: process.version,
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  platform: platform(),
})
