// Runs the TypeScript source of a checkout: its packages find each other by a condition of their own.
import * as nodeModule from 'node:module'
import { register } from 'tsx/esm/api'

const resolveSource = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, '@sendbox/source'] })

/** Lets this process import the source. */
export const registerSource = () => {
  // Node 26 deprecates `module.register`; Node 20 has only that.
  if (nodeModule.registerHooks) nodeModule.registerHooks({ resolve: resolveSource })
  else {
    const code = `export const resolve = ${resolveSource.toString()}`
    nodeModule.register(`data:text/javascript,${encodeURIComponent(code)}`)
  }
  register()
}
