// Starts a mock on one data folder in a worker thread, then in this one, then ends the worker without a close and tries again.
import { once } from 'node:events'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { startMockServer } from '../../packages/mock-server/src/index.ts'

const data = isMainThread ? process.argv[2] : (workerData as string)
if (data === undefined) throw new Error('two-threads.ts FOLDER')

const tryToStart = (): Promise<string> =>
  startMockServer({ data }).then(
    async server => {
      await server.close()
      return 'started'
    },
    (error: unknown) => String(error),
  )

if (isMainThread) {
  // Node 20 runs no loader of the process in its workers.
  const file = JSON.stringify(import.meta.url)
  const load = `import('tsx/esm/api').then(({ register }) => (register(), import(${file})))`
  const worker = new Worker(load, { eval: true, workerData: data, stdout: true })
  await once(worker.stdout, 'data')
  const meanwhile = await tryToStart()
  await worker.terminate()
  const afterwards = await tryToStart()
  process.stdout.write(`${JSON.stringify({ meanwhile, afterwards })}\n`)
} else {
  const server = await startMockServer({ data })
  await server.account().conversations.open('zoe', 'of the worker')
  process.stdout.write('started\n')
}
