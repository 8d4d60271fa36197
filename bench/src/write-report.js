import { readFileSync, writeFileSync } from 'node:fs'
import { writePlot } from './plot.js'

const page = new URL('../../docs/performance.md', import.meta.url)
const plot = new URL('../../docs/performance.svg', import.meta.url)
const [begin, end] = ['<!-- results -->', '<!-- end of results -->']

const whole = value =>
  Number.isFinite(value) ? Math.round(value).toLocaleString('en-US') : 'unknown'
const fixed = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits) : 'unknown')
const percent = share => `${fixed(share * 100, 1)} %`

const toTable = (head, rows) =>
  [head, head.map((_, place) => (place === 0 ? ':--' : '--:')), ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

const toGrowth = ({
  pairs,
  sendsPerTurn,
  curves,
}) => `One send with few and with many messages or conversations: its cost at a server that is filled, over its cost at one beside it that stays
small, in turns on 10 connections; medians of ${pairs} pairs of turns. "Change" is from the first point to the last, "a tenfold" what each tenfold
adds (the line of least squares), both as a share of the first point. CPU is that of the server's process; the time also has what the
load generator and the disk take. The sends that are measured add to the messages: while a point is measured, its conversation grows by ${whole(pairs * sendsPerTurn)}.

${toTable(
  ['grows', 'kept in', 'count', 'CPU ratio', 'time ratio', 'CPU µs', 'time µs'],
  curves.flatMap(({ grows, place, points }) =>
    points.map(point => [
      grows,
      place,
      whole(point.count),
      fixed(point.cpuRatio, 2),
      fixed(point.ratio, 2),
      whole(point.cpuMicroseconds),
      whole(point.sendMicroseconds),
    ]),
  ),
)}

${toTable(
  ['grows', 'kept in', 'CPU: change', 'a tenfold', 'time: change', 'a tenfold'],
  curves.map(({ grows, place, cpu, time }) => [
    grows,
    place,
    percent(cpu.change),
    percent(cpu.slopePerDecade),
    percent(time.change),
    percent(time.slopePerDecade),
  ]),
)}`

const sections = {
  send: ({ rounds, result }) => `### The same POST

Medians of ${result[0].turns ?? rounds} turns of each, 50 connections. The ratio is Sendbox' calls a second over the peer's, the CPU ratio the peer's CPU
time for a call over Sendbox', the p99 ratio Sendbox' p99 over the peer's; each is the median of the turns' own ratios.

${toTable(
  [
    '',
    'goal',
    'ratio',
    'CPU ratio',
    'p99 ratio',
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
    fixed(row.p99Ratio, 2),
    whole(row.callsPerSecond),
    whole(row.cpuMicroseconds),
    fixed(row.p50Ms, 1),
    fixed(row.p99Ms, 1),
    whole(row.rssMb),
    row.leavesOut,
  ]),
)}`,
  events: ({ result }) => `### A reader of events

Three mocks that are alike but for who reads \`GET /__sendbox/events\`, in turns, 50 connections; medians of ${result.rows[0].turns} turns of each. A cost is the share that is added to the
first mock's time or CPU time for a call, the median of the turns' own. The reader is a process of its own on the same two cores; it got ${whole(result.events)} events of
${whole(result.sent)} calls, none lost.

${toTable(
  ['', 'time', 'CPU', 'calls/s', 'CPU µs a call'],
  result.rows.map(row => [
    row.name,
    percent(row.timeCost),
    percent(row.cpuCost),
    whole(row.callsPerSecond),
    whole(row.cpuMicroseconds),
  ]),
)}`,
  start: ({ rounds, result }) => `### From spawn to the first 200

Median of ${rounds} starts.

${toTable(
  ['', 'ms'],
  result.map(({ name, startMs }) => [name, whole(startMs)]),
)}`,
  inProcess: ({ result }) => `### In process

\`startMockServer()\` to its first answer, the Domain API's, ${result.starts} starts in a process that has loaded it: p50 ${fixed(result.p50Ms, 1)} ms, p95 ${fixed(result.p95Ms, 1)} ms.`,
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
  // Results of before the growth was measured beside a server that stays small have no curves to quote.
  growth: ({ result }) => `### Growth
${result.pairs ? `\n${toGrowth(result)}\n` : ''}
Queries on a full journal (10,000 requests):

${toTable(
  ['query', 'ms'],
  result.journal.map(({ query, ms }) => [query, fixed(ms, 2)]),
)}`,
}

/** Alternative text of the plot. */
function toAlternative({ send, start }) {
  const list = (rows, name, unit) =>
    rows.map(row => `${row.name} ${whole(row[name])}${unit}`).join('; ')
  return [
    ...(send
      ? [`Calls a second of the same POST: ${list(send.result, 'callsPerSecond', '')}.`]
      : []),
    ...(start ? [`From spawn to the first 200: ${list(start.result, 'startMs', ' ms')}.`] : []),
    'The tables below have the same figures.',
  ].join(' ')
}

/** The days of the measurements, each with its measures. */
const toDays = (names, days) =>
  [...new Set(names.map(name => days[name]))]
    .map(day => `${day} (${names.filter(name => days[name] === day).join(', ')})`)
    .join(' and ')

/** Puts results between the marks of docs/performance.md, and draws docs/performance.svg, which is shown there. */
export async function writeReport({ machine, ...results }, days) {
  const { node, cores, cpu, memoryGb, platform } = machine
  const measured = Object.entries(sections).flatMap(([name, write]) =>
    results[name] ? [write(results[name])] : [],
  )
  const isDrawn = await writePlot(results, plot)
  const text = [
    `Node ${node.slice(1)}, ${cores} cores (${cpu}), ${memoryGb} GB, ${platform}; load generator and server share the cores. Measured on ${toDays(Object.keys(results), days)}.`,
    ...(isDrawn ? [`![${toAlternative(results)}](performance.svg)`] : []),
    ...measured,
  ].join('\n\n')
  const [before, rest] = readFileSync(page, 'utf8').split(begin)
  const [, after] = rest.split(end)
  writeFileSync(page, `${before}${begin}\n\n${text}\n\n${end}${after}`)
}
