import type { JSX } from 'preact'
import { call } from '../live/mock.ts'
import { navigate, route, toPlace } from '../live/route.ts'
import { type Rule, rules } from '../live/rules.ts'
import { createLive } from '../live/store.ts'
import { SearchFilter, SelectFilter } from '../parts/filters.tsx'
import { Prose } from '../parts/prose.tsx'

/** How often each rule decided an answer of the account. */
const counts = createLive({
  async read(accountId) {
    const found = await call('listRules', { accountId })
    return new Map(found.map(({ id, count }) => [id, count]))
  },
  changesWith: ({ event }) => event === 'call',
})

const levels = ['documented', 'recorded', 'tolerated', 'assumed', 'own'].map(
  level => [level, level] as const,
)

const countOf = (id: string): number => counts.value.value?.get(id) ?? 0

function matches({ id, text, evidence, sources, contradiction }: Rule): boolean {
  const { q = '', evidence: level = '', used = '', differs = '' } = route.value.filters
  const words = [id, text, ...sources].join(' ').toLowerCase()
  return (
    (level === '' || evidence === level) &&
    (used === '' || countOf(id) > 0) &&
    (differs === '' || contradiction !== undefined) &&
    (q === '' || words.includes(q.toLowerCase()))
  )
}

const RuleRow = ({ rule }: { readonly rule: Rule }): JSX.Element => {
  const { id, text, evidence, sources, contradiction } = rule
  const count = countOf(id)
  return (
    <li id={`rule-${id}`} class={`rule ${route.value.id === id ? 'chosen' : ''}`}>
      <div class="rule-head">
        <a href={toPlace({ id })}>
          <code>{id}</code>
        </a>
        <span class={`badge evidence-${evidence}`}>{evidence}</span>
        {sources.length > 0 && <span class="muted">{sources.join(', ')}</span>}
        {count > 0 && (
          <a class="end" href={toPlace({ room: 'calls', id: '', filters: { rule: id } })}>
            decided {count} {count === 1 ? 'answer' : 'answers'}
          </a>
        )}
      </div>
      <p>
        <Prose text={text} />
      </p>
      {contradiction && (
        <ul class="sides">
          {contradiction.sides.map(({ statement, source }) => (
            <li key={statement} class={statement === contradiction.followed ? 'followed' : ''}>
              <Prose text={statement} /> <span class="muted">{source}</span>
            </li>
          ))}
          {contradiction.setting !== undefined && (
            <li class="muted">
              The setting <code>{contradiction.setting}</code> selects another side:{' '}
              <a href={toPlace({ room: 'trouble', id: '', filters: {} })}>settings</a>
            </li>
          )}
        </ul>
      )}
    </li>
  )
}

const Check = ({ name, label }: { readonly name: string; readonly label: string }): JSX.Element => (
  <label class="check">
    <input
      type="checkbox"
      checked={(route.value.filters[name] ?? '') !== ''}
      onChange={({ currentTarget }) =>
        navigate(
          { filters: { ...route.peek().filters, [name]: currentTarget.checked ? 'true' : '' } },
          true,
        )
      }
    />
    {label}
  </label>
)

/** All rules, how well each is known, and which of them decided answers of the account. */
export function Rules(): JSX.Element {
  const { id } = route.value
  const matching = rules.value.filter(rule => matches(rule))
  const chosen = rules.value.find(rule => rule.id === id)
  const shown = chosen ? [chosen, ...matching.filter(rule => rule !== chosen)] : matching
  return (
    <div class="room page">
      <div class="filters">
        <SearchFilter name="q" label="Search" />
        <SelectFilter name="evidence" label="Any evidence" options={levels} />
        <Check name="used" label="only those that decided an answer" />
        <Check name="differs" label="only where the sources differ" />
        <span class="muted end">
          {shown.length} of {rules.value.length}
        </span>
      </div>
      <ul class="rule-list">
        {shown.map(rule => (
          <RuleRow key={rule.id} rule={rule} />
        ))}
      </ul>
    </div>
  )
}
