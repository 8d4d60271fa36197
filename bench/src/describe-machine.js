import { availableParallelism, cpus, platform, totalmem } from 'node:os'

/** The machine that a result was measured on, without its host name. */
export const describeMachine = () => ({
  node: process.version,
  cores: availableParallelism(),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / 2 ** 30),
  platform: platform(),
})
