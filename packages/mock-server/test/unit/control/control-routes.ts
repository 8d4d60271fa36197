import type { ControlOperation } from '../../../src/control/operation.ts'

/** Renders src/control-client/routes.ts: method and path of each operation. */
export const createControlRoutes = (operations: readonly ControlOperation[]): string => `\
/** Method and path of each operation below \`/__sendbox\`, generated from control/operations.ts, which a browser cannot load. */
export const routes = {
${operations.map(({ id, method, path }) => `  ${id}: '${method} ${path}',`).join('\n')}
} as const
`
