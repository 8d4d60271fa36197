import type { JSX } from 'preact'
import { attempt } from '../live/mock.ts'
import { account, route, toPlace } from '../live/route.ts'
import { Empty, toSendLine } from '../parts/empty.tsx'
import { FilterChips, SearchFilter, SelectFilter, setFilters } from '../parts/filters.tsx'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import {
  type CallRow,
  clearCalls,
  idOf,
  isRead,
  missedRows,
  paused,
  shownRows,
} from './calls-store.ts'

/** How a status stands out. */
export const toneOf = ({ status, operation }: Pick<CallRow, 'status' | 'operation'>): string =>
  operation === null
    ? 'miss'
    : status === undefined
      ? 'none'
      : status >= 500
        ? 'error'
        : status >= 400
          ? 'refused'
          : 'fine'

const isProblem = (row: CallRow): boolean => toneOf(row) !== 'fine' || row.problem !== undefined

const textOf = (row: CallRow): string =>
  `${row.method} ${row.path} ${row.consumer ?? ''} ${row.conversationId ?? ''} ${row.problem ?? ''} ${row.rule ?? ''}`.toLowerCase()

/** The rows that match the filters of the URL. Ten thousand rows are asked with each frame: only the filters that are set cost something. */
function filterRows(rows: readonly CallRow[]): readonly CallRow[] {
  const {
    q = '',
    operation = '',
    status = '',
    consumer = '',
    conversation = '',
    problems = '',
    rule = '',
  } = route.value.filters
  const wanted = q.toLowerCase()
  const digits = status.replace('xx', '')
  const tests: readonly ((row: CallRow) => boolean)[] = [
    ...(operation === '' ? [] : [(row: CallRow) => (row.operation ?? 'null') === operation]),
    ...(status === '' ? [] : [(row: CallRow) => String(row.status ?? '').startsWith(digits)]),
    ...(consumer === '' ? [] : [(row: CallRow) => row.consumer === consumer]),
    ...(conversation === '' ? [] : [(row: CallRow) => row.conversationId === conversation]),
    ...(rule === '' ? [] : [(row: CallRow) => row.rule === rule]),
    ...(problems === '' ? [] : [isProblem]),
    ...(q === '' ? [] : [(row: CallRow) => textOf(row).includes(wanted)]),
  ]
  return tests.length === 0 ? rows : rows.filter(row => tests.every(matches => matches(row)))
}

const Row = ({
  row,
  isStop,
}: {
  readonly row: CallRow
  /** Whether the Tab key stops at it, as it does at the one that is shown. */
  readonly isStop: boolean
}): JSX.Element => {
  const id = idOf(row)
  const isShown = route.value.id === id
  return (
    <a
      class={`call-row ${toneOf(row)}`}
      href={toPlace({ room: 'calls', id })}
      aria-current={isShown ? 'true' : undefined}
      tabIndex={isShown || isStop ? 0 : -1}
    >
      <Time at={row.at} />
      <span class="status">{row.status ?? 'none'}</span>
      <span class="operation ellipsis">{row.operation ?? `${row.method} ${row.path}`}</span>
      <span class="ellipsis" dir="auto">
        {row.consumer}
      </span>
      <span class="what ellipsis" title={row.problem}>
        {row.problem ??
          (row.sequence === undefined
            ? row.conversationId
            : `#${row.sequence} in ${row.conversationId}`)}
      </span>
      <span class="evidence">
        {row.faultId ? <b>{row.faultId}</b> : (row.rule ?? row.evidence)}
      </span>
      <span class="number">
        {row.durationMs !== undefined && `${row.durationMs.toFixed(1)} ms`}
      </span>
    </a>
  )
}

const chipNames = {
  consumer: 'consumer',
  conversation: 'conversation',
  rule: 'rule',
}

const operations = [
  ['send', 'send'],
  ['conversation', 'conversation'],
  ['appToken', 'appToken'],
  ['consumer', 'consumer'],
  ['upload', 'upload'],
  ['download', 'download'],
  ['baseUris', 'baseUris'],
  ['baseUri', 'baseUri'],
  ['null', 'misses'],
] as const

const statuses = [
  ['2xx', '2xx'],
  ['4xx', '4xx'],
  ['5xx', '5xx'],
] as const

const Pause = (): JSX.Element => {
  const isPaused = paused.value !== undefined
  const missed = missedRows()
  return (
    <button
      type="button"
      aria-pressed={isPaused}
      onClick={() => {
        paused.value = isPaused ? undefined : shownRows()
      }}
    >
      <Icon name={isPaused ? 'play' : 'pause'} />
      {isPaused ? (missed > 0 ? `Resume (${missed} more)` : 'Resume') : 'Pause'}
    </button>
  )
}

/** The calls of the account, and those of no account, the newest first. */
export function CallList(): JSX.Element {
  const rows = shownRows()
  const shown = filterRows(rows)
  return (
    <section class="list-pane wide" aria-label="Calls">
      <div class="filters">
        <SearchFilter name="q" label="Search" />
        <SelectFilter name="operation" label="Any operation" options={operations} />
        <SelectFilter name="status" label="Any status" options={statuses} />
        <label class="check">
          <input
            type="checkbox"
            checked={(route.value.filters['problems'] ?? '') !== ''}
            onChange={({ currentTarget }) =>
              setFilters({ problems: currentTarget.checked ? 'true' : '' })
            }
          />
          only problems
        </label>
        <span class="end">
          <Pause />
          <button type="button" onClick={() => void attempt(clearCalls)}>
            Clear
          </button>
        </span>
      </div>
      <FilterChips names={chipNames} />
      {shown.length > 0 ? (
        <VirtualList
          items={shown}
          keyOf={idOf}
          render={(row, isFirst) => <Row row={row} isStop={isFirst} />}
          rowHeight={34}
          label={`${shown.length} calls`}
        />
      ) : (
        isRead.value && (
          <Empty
            title={rows.length > 0 ? 'None matches the filters' : 'No call yet'}
            lines={rows.length > 0 ? [] : [toSendLine(account.value)]}
          >
            {rows.length === 0 && (
              <p>Every request that reaches the mock is listed here, also one that misses.</p>
            )}
          </Empty>
        )
      )}
    </section>
  )
}
