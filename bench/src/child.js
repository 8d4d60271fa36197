import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** Finds a TCP port that is free now. */
export async function findPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

const ticksPerSecond = 100

/** The process' CPU time so far, in ms, of all its threads; only Linux tells. */
function readCpuMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
  } catch {
    return Number.NaN
  }
}

/** The process' resident memory, in MB; only Linux tells. */
function readRssMb(pid) {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(kb) / 1024
  } catch {
    return Number.NaN
  }
}

/** Starts a program, which is ended by its process id. */
export function startChild([file, ...args], cwd) {
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', text => {
    complaint = `${complaint}${text}`.slice(-2000)
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const isOver = await Promise.race([exited, delay(5000, false, { ref: false })])
    if (!isOver) child.kill('SIGKILL')
    await exited
  }
  return {
    cpuMs: () => readCpuMs(child.pid),
    rssMb: () => readRssMb(child.pid),
    complaint: () => (child.exitCode === null ? undefined : complaint || 'it ended'),
    stop,
  }
}

/** Asks again and again until the answer is as wanted, and throws what the program said where it ends before. */
export async function waitUntil(isReady, child, timeoutMs = 60_000) {
  const until = performance.now() + timeoutMs
  while (performance.now() < until) {
    if (await isReady().catch(() => false)) return
    const complaint = child.complaint()
    if (complaint !== undefined) throw new Error(complaint)
    await delay(2)
  }
  throw new Error(`not ready after ${timeoutMs} ms`)
}
