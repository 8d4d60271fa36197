#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { register } from 'node:module'

const isBuilt = existsSync(new URL('../dist/cli/main.js', import.meta.url))

/** In a checkout that is not built the source runs: its packages find each other by a condition of their own. */
const registerSource = async () => {
  const addCondition = `export const resolve = (specifier, context, next) =>
    next(specifier, { ...context, conditions: [...context.conditions, '@sendbox/source'] })`
  register(`data:text/javascript,${encodeURIComponent(addCondition)}`)
  const tsx = await import('tsx/esm/api')
  tsx.register()
}

if (!isBuilt) await registerSource()
const { runCli } = await import(isBuilt ? '../dist/cli/main.js' : '../src/cli/main.ts')
await runCli(process.argv.slice(2))
