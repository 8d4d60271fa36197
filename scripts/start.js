// npm start: sets up, then runs `sendbox start` from source in this very process, so that signals need no forwarding.
import { setup } from './setup.js'

setup()
const { registerSource } = await import('./source.js')
registerSource()
const { runCli } = await import('../packages/mock-server/src/cli/main.ts')
// npm runs this in the root of the workspace; INIT_CWD is where the user is.
await runCli(['start', ...process.argv.slice(2)], { folder: process.env.INIT_CWD })
