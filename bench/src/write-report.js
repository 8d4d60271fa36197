import { readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../../docs/performance.md', import.meta.url)
const [begin, end] = ['<!-- results -->', '<!-- end of results -->']

const whole = value =>
  Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : 'unknown'
const fixed = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : 'unknown')

const toTable = (head, rows) =>
  [head, head.map((_, place) => (place === 0 ? ':--' : '--:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

const sections = {
  send: ({ rounds, result }) => `### The same POST

Medians of ${rounds} interleaved rounds, 50 connections. The ratio is Sendbox' calls a second over the peer's, the CPU ratio the peer's CPU
time for a call over Sendbox'; each is the median of the rounds' own ratios.

${toTable(
  [
    '',
    'goal',
    'ratio',
    'CPU ratio',
    'calls/s',
    'CPU µs a call',
    'p50 ms',
    'p99 ms',
    'RSS MB',
    'leaves out',
  ],
  result.map(row => [
    row.name,
    row.goal ?? '',
    fixed(row.ratio, 2),
    fixed(row.cpuRatio, 2),
    whole(row.callsPerSecond),
    whole(row.cpuMicroseconds),
    fixed(row.p50Ms, 1),
    fixed(row.p99Ms, 1),
    whole(row.rssMb),
    row.leavesOut,
  ]),
)}`,
  start: ({ rounds, result }) => `### From spawn to the first 200

Median of ${rounds} starts.

${toTable(
  ['', 'ms'],
  result.map(({ name, startMs }) => [name, whole(startMs)]),
)}`,
  inProcess: ({ result }) => `### In process

\`startMockServer()\` to its first answer, ${result.starts} starts in a process that has loaded it: p50 ${fixed(result.p50Ms, 1)} ms, p95 ${fixed(result.p95Ms, 1)} ms.`,
  memory: ({ result }) => `### Memory

${toTable(
  ['sends', 'RSS MB'],
  result.map(({ sends, rssMb }) => [whole(sends), whole(rssMb)]),
)}`,
  webhooks: ({ rounds, result }) => `### Webhooks

${whole(result.webhooksPerSecond)} a second, each after a text on 50 connections, to a receiver that answers at once (median of ${rounds} rounds of ${whole(result.amount)}).`,
  client: ({ rounds, result }) => `### Client

The same request, 64 in flight, to a bare server; median of ${rounds} rounds.

${toTable(
  ['', 'of undici.request', 'calls/s'],
  result.map(row => [row.name, fixed(row.ratioToUndici, 2), whole(row.callsPerSecond)]),
)}`,
  growth: ({ rounds, result }) => `### Growth

One send in µs, server and load generator in one process, median of ${rounds} rounds; "change" is from the first to the last.

${toTable(
  ['grows', 'kept in', 'sends cost', 'change'],
  result.curves.map(({ grows, place, points, change }) => [
    grows,
    place,
    points.map(point => `${whole(point.count)}: ${whole(point.sendMicroseconds)} µs`).join(', '),
    `${fixed(change * 100, 0)} %`,
  ]),
)}

Queries on a full journal (10,000 requests):

${toTable(
  ['query', 'ms'],
  result.journal.map(({ query, ms }) => [query, fixed(ms, 2)]),
)}`,
}

/** Puts results between the marks of docs/performance.md. */
export function writeReport({ machine, ...results }) {
  const { node, cores, cpu, memoryGb, platform } = machine
  const measured = Object.entries(sections).flatMap(([name, write]) =>
    results[name] ? [write(results[name])] : [],
  )
  const text = [
    `Node ${node.slice(1)}, ${cores} cores (${cpu}), ${memoryGb} GB, ${platform}; load generator and server share the cores.`,
    ...measured,
  ].join('\n\n')
  const [before, rest] = readFileSync(page, 'utf8').split(begin)
  const [, after] = rest.split(end)
  writeFileSync(page, `${before}${begin}\n\n${text}\n\n${end}${after}`)
}
