import type { JSX } from 'preact'
import { navigate, route } from '../live/route.ts'
import { Icon } from './icon.tsx'

/** Sets filters of the place in its URL; an empty value removes one. */
export const setFilters = (change: Readonly<Record<string, string>>): void =>
  navigate({ filters: { ...route.peek().filters, ...change } }, true)

/** A field that filters by a text, kept in the URL. */
export const SearchFilter = ({
  name,
  label,
}: {
  readonly name: string
  readonly label: string
}): JSX.Element => (
  <label class="search">
    <Icon name="search" />
    <span class="hidden">{label}</span>
    <input
      type="search"
      placeholder={label}
      value={route.value.filters[name] ?? ''}
      onInput={({ currentTarget }) => setFilters({ [name]: currentTarget.value })}
    />
  </label>
)

/** A choice of values that filters, kept in the URL. */
export const SelectFilter = ({
  name,
  label,
  options,
}: {
  readonly name: string
  readonly label: string
  readonly options: readonly (readonly [value: string, text: string])[]
}): JSX.Element => (
  <label class="select">
    <span class="hidden">{label}</span>
    <select
      value={route.value.filters[name] ?? ''}
      onChange={({ currentTarget }) => setFilters({ [name]: currentTarget.value })}
    >
      <option value="">{label}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </label>
)

/** The filters that are set, each with a button that removes it. */
export const FilterChips = ({
  names,
}: {
  readonly names: Readonly<Record<string, string>>
}): JSX.Element => (
  <ul class="chips" aria-label="Filters that are set">
    {Object.entries(route.value.filters).flatMap(([name, value]) => {
      const label = names[name]
      return label === undefined
        ? []
        : [
            <li key={name}>
              <button
                type="button"
                class="chip"
                onClick={({ currentTarget }) => {
                  // The chip goes; the fields that filter stay.
                  const pane = currentTarget.closest('section, .room')
                  pane?.querySelector<HTMLElement>('.filters :is(input, select)')?.focus()
                  setFilters({ [name]: '' })
                }}
              >
                {label} {value}
                <Icon name="close" />
                <span class="hidden">remove</span>
              </button>
            </li>,
          ]
    })}
  </ul>
)
