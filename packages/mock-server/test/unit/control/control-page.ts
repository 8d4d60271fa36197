import { type ControlOperation, controlPrefix } from '../../../src/control/operation.ts'

const escapeCell = (text: string): string => text.replaceAll('|', '\\|')

const toCall = ({ method, path }: ControlOperation): string =>
  `\`${method} ${controlPrefix}${path === '/' ? '' : path}\``

const preface = `# The control API

Calls that the mock has and production does not. \`GET ${controlPrefix}/openapi.json\` describes them all, with the bodies of requests and responses.

A mock that was started with a control token requires it for all calls but \`/health\` and \`/ready\`, as \`Authorization: Bearer <token>\`, on
any address; a wrong one is 401 everywhere. Without a control token the API is open to every program on a loopback address, where
\`Authorization\` is ignored, and closed on any other. With or without a token it is closed to web pages of another origin (by \`Origin\` and
\`Sec-Fetch-Site\`), and under a host name that is neither a loopback one, nor the one that the mock listens on, nor in \`allowedHosts\`; off
loopback also addresses and names inside a network pass, such as that of a container. Forwarding headers do not count. Its responses may
neither be stored nor be read by another site.

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
