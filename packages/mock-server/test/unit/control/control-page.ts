import { type ControlOperation, controlPrefix } from '../../../src/control/operation.ts'

const escapeCell = (text: string): string => text.replaceAll('|', '\\|')

const toCall = ({ method, path }: ControlOperation): string =>
  `\`${method} ${controlPrefix}${path === '/' ? '' : path}\``

const preface = `# The control API

Calls that the mock has and production does not. \`GET ${controlPrefix}/openapi.json\` describes them all, with the bodies of requests and responses.

On a loopback address it is open to every program, but not to web pages of another origin, nor under a host name that is not a loopback
one. On any other address it requires \`Authorization: Bearer <token>\` with the control token that the mock was started with; without a
control token it is closed there.

In JavaScript, \`connectMockServer\` of \`@sendbox/mock-server/control\` makes these calls: [test-runners.md](test-runners.md).

Bodies are JSON. An invalid one is refused with 400 and \`problems\`, each with the JSON Pointer, the expectation and the received value.

This table is generated from \`packages/mock-server/src/control/operations.ts\`.
`

/** Renders docs/control-api.md: a line for each operation. */
export const createControlPage = (operations: readonly ControlOperation[]): string =>
  [
    preface,
    '| call | effect |',
    '|---|---|',
    ...operations.map(operation => `| ${toCall(operation)} | ${escapeCell(operation.summary)} |`),
    '',
  ].join('\n')
