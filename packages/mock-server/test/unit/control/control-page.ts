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

Bodies are JSON. Every refusal has one form, \`{title, details, errorCode?, problems?}\`: \`details\` says why, and what to do instead;
\`errorCode\` is LivePerson's number, where the service itself has one for the reason, such as 40451 for a conversation that the account does
not have; \`problems\` are those of an invalid body or query (400), each with the JSON Pointer, the expectation and the received value. Some
refusals have a list beside these, such as the \`accounts\` that a reset of all would hit. A 422 is no refusal: it is the verdict of a
verification or a wait that was not met.

A conversation is shown with its \`consumer\` (the \`ext_consumer_id\`) and \`consumerId\` (the \`lp_consumer_id\`); \`openedAt\`, \`closedAt\`,
\`closedBy\`, \`closedCause\` and \`closeReason\`, of each dialog too; \`effectiveTTR\`, as webhooks have it (rule WH-8); \`participants\`; \`unread\`,
the number of messages that no READ of the consumer names; \`channel\`, \`campaign\`, \`context\` and \`features\`, from the request that opened it,
where it had them; \`file\` of an entry of a transcript, the path of the bytes of its file; and \`links\`, the paths of its requests and deliveries. Times are in ms since the epoch, by the account's clock.

Calls of the imitated services say who makes them by the header \`x-sendbox-by\`: 1 to 40 letters, digits, \`.\`, \`_\` and \`-\`. The journal has it as \`by\`, and
requests match by it; those that the mock sends again have \`resend\`. The header has no other effect.

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
