#!/usr/bin/env node
import { register } from 'node:module'

// The package is private and never built: it runs from source, and so do the packages that it stands on.
const addCondition = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, '@sendbox/source'] })`
register(`data:text/javascript,${encodeURIComponent(addCondition)}`)
const tsx = await import('tsx/esm/api')
tsx.register()

const { runCli } = await import('../src/cli/main.ts')
await runCli(process.argv.slice(2))
