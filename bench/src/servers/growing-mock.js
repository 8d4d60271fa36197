import { startMockServer } from '../../../packages/mock-server/dist/index.js'
import { accountId } from '../send-call.js'

/** Number of transitions that wait for the disk together: a data folder commits them in one batch. */
const inFlight = 1000

const [options] = process.argv.slice(2).map(text => JSON.parse(text))
const server = await startMockServer(options)
const account = server.account(accountId)
let consumers = 0

const steps = {
  messages: conversationId => account.agent(conversationId).say('Hello from an agent'),
  conversations: () => {
    consumers += 1
    return account.conversations.open(`consumer-${consumers}`)
  },
}

async function grow({ grows, by, conversationId }) {
  for (let done = 0; done < by; done += inFlight) {
    const together = Math.min(inFlight, by - done)
    await Promise.all(Array.from({ length: together }, () => steps[grows](conversationId)))
  }
}

const cpuMicroseconds = () => {
  const { user, system } = process.cpuUsage()
  return user + system
}

// A rejection ends the process, which the parent takes for the failure that it is.
process.on('message', request => void grow(request).then(() => process.send(cpuMicroseconds())))
process.once('disconnect', () => process.exit())
process.send(server.url)
