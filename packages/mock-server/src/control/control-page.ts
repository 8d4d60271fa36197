import { type ControlOperation, controlPrefix } from './operation.ts'

const escapeCell = (text: string): string => text.replaceAll('|', '\\|')

const toCall = ({ method, path }: ControlOperation): string =>
  `\`${method} ${controlPrefix}${path === '/' ? '' : path}\``

const preface = `# The control API

Everything that the mock has and production does not. \`GET ${controlPrefix}/openapi.json\` describes it whole, bodies and answers included.

On a loopback address it is open to every program, but to no web page of another origin and under no other name than a loopback one.
On any other address it wants \`Authorization: Bearer <token>\` with the control token that the mock was started with, and is closed
where there is none.

A body is JSON. One that is wrong is answered with 400 and \`problems\`: for each the JSON Pointer, what was expected and what was received.

This table is generated from \`packages/mock-server/src/control/operations.ts\`.
`

/** Writes docs/control-api.md: a line for each operation. */
export const createControlPage = (operations: readonly ControlOperation[]): string =>
  [
    preface,
    '| call | what it does |',
    '|---|---|',
    ...operations.map(operation => `| ${toCall(operation)} | ${escapeCell(operation.summary)} |`),
    '',
  ].join('\n')
