// npm test: sets up, then runs every check.
import { pnpm, setup } from './setup.js'

setup()
process.exitCode = pnpm(['run', 'check'], 'inherit')
