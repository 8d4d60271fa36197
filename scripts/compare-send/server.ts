// One mock from the source of the checkout that it runs in; its parent asks for its CPU time by message.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const entry = pathToFileURL(join(process.cwd(), 'packages/mock-server/src/index.ts')).href
const { startMockServer } = (await import(entry)) as typeof import('@sendbox/mock-server')

const server = await startMockServer()
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.(user + system)
})
process.once('disconnect', () => void server.close())
process.send?.(server.url)
