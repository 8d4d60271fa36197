// npm test and npm run test:long: sets up, then runs the checks that the argument names.
import { pnpm, setup } from './setup.js'

setup()
process.exitCode = pnpm(['run', process.argv[2] ?? 'check'], 'inherit').status
