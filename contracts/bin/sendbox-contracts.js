#!/usr/bin/env node
import { register } from 'node:module'

// The package is private and never built: it and the packages that it imports run from source.
const addCondition = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, '@sendbox/source'] })`
register(`data:text/javascript,${encodeURIComponent(addCondition)}`)
const tsx = await import('tsx/esm/api')
tsx.register()

const { runCli } = await import('../src/cli/run.ts')
await runCli(process.argv.slice(2))
