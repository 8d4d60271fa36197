#!/usr/bin/env node
// The command of a checkout, which runs the source. The tarball's is `publishConfig.bin`.
import { registerSource } from '../../../scripts/source.js'

registerSource()
const { runCli } = await import('../src/cli/main.ts')
await runCli(process.argv.slice(2))
