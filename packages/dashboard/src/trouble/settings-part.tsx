import { computed, effect, signal } from '@preact/signals'
import type { JSX } from 'preact'
import { attempt, call, epoch } from '../live/mock.ts'
import { account, toPlace } from '../live/route.ts'
import { type Rule, rules } from '../live/rules.ts'
import { createLive } from '../live/store.ts'
import { CommittedInput } from '../parts/committed-input.tsx'
import { isRecord } from '../parts/is-record.ts'
import { Prose } from '../parts/prose.tsx'

/** The settings of the account. */
const settings = createLive({
  read: accountId => call('getSettings', { accountId }),
  changesWith: ({ event }) => event === 'settings',
})

type Json = Readonly<Record<string, unknown>>

/** A setting by its path, such as `webhooks.signature`. */
interface Setting {
  readonly path: string
  readonly value: unknown
  /** Why it cannot be changed while the mock runs. */
  readonly fixed: string | undefined
  readonly isChanged: boolean
}

const valueAt = (json: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), json)

/** The leaves of the settings; lists are leaves. */
const leavesOf = (json: Json, prefix = ''): readonly string[] =>
  Object.entries(json).flatMap(([name, value]) =>
    isRecord(value) ? leavesOf(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  )

const list = computed((): readonly Setting[] => {
  const view = settings.value.value
  if (view === undefined) return []
  return leavesOf(view.settings as unknown as Json).map(path => ({
    path,
    value: valueAt(view.settings, path),
    fixed: view.fixed.find(({ path: pointer }) => pointer === `/${path.replaceAll('.', '/')}`)
      ?.reason,
    isChanged: valueAt(view.changes, path) !== undefined,
  }))
})

/** The description of the settings in the mock's OpenAPI document. */
const described = signal<Json>({})

async function describe(): Promise<void> {
  try {
    const document = (await call('getOpenApi')) as unknown as Json
    const path = '/accounts/{accountId}/settings'
    const body = ['paths', path, 'put', 'requestBody', 'content', 'application/json', 'schema']
    const find = (steps: readonly string[]): unknown =>
      steps.reduce<unknown>(
        (found, name) => resolve(isRecord(found) ? found[name] : undefined, document),
        document,
      )
    const schema = find(body)
    if (isRecord(schema)) described.value = { schema, document }
  } catch {
    // Without it a setting is a field of JSON.
  }
}

/** Follows a `$ref` within the document. */
function resolve(schema: unknown, document: Json): unknown {
  const reference = isRecord(schema) ? schema['$ref'] : undefined
  if (typeof reference !== 'string') return schema
  return reference
    .replace(/^#\//, '')
    .split('/')
    .map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), document)
}

effect(() => {
  if (epoch.value > 0) void describe()
})

/** The words that a setting may be, `undefined` where it may be anything of its type. */
function wordsOf(path: string): readonly string[] | undefined {
  const { schema, document } = described.value
  if (!isRecord(document)) return undefined
  const objects = (one: unknown): readonly Json[] => {
    const found = resolve(one, document)
    if (!isRecord(found)) return []
    const options = Array.isArray(found['anyOf']) ? found['anyOf'] : []
    return [found, ...options.flatMap(objects)]
  }
  const found = path
    .split('.')
    .reduce<readonly Json[]>(
      (schemas, name) =>
        schemas.flatMap(one =>
          isRecord(one['properties']) ? objects(one['properties'][name]) : [],
        ),
      objects(schema),
    )
  const words = found.flatMap(one => (Array.isArray(one['enum']) ? one['enum'] : []))
  const texts = words.filter(word => typeof word === 'string')
  return texts.length > 0 ? texts : undefined
}

/** The merge patch that sets one path. */
const toPatch = (path: string, value: unknown): Json =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Json

const change = async (path: string, value: unknown): Promise<void> => {
  await attempt(() =>
    call('putSettings', { accountId: account.peek(), body: toPatch(path, value) }),
  )
  settings.refresh()
}

const Editor = ({ setting }: { readonly setting: Setting }): JSX.Element => {
  const { path, value } = setting
  const words = wordsOf(path)
  if (typeof value === 'boolean')
    return (
      <input
        type="checkbox"
        aria-label={path}
        checked={value}
        onChange={({ currentTarget }) => void change(path, currentTarget.checked)}
      />
    )
  if (words && (typeof value === 'string' || value === null))
    return (
      <select
        aria-label={path}
        value={value ?? ''}
        onChange={({ currentTarget }) => void change(path, currentTarget.value)}
      >
        {value === null && <option value="">none</option>}
        {words.map(word => (
          <option key={word} value={word} selected={word === value}>
            {word}
          </option>
        ))}
      </select>
    )
  return (
    <CommittedInput
      label={path}
      value={JSON.stringify(value)}
      commit={text =>
        void attempt(async () => {
          await change(path, JSON.parse(text))
        })
      }
    />
  )
}

/** The contradiction of the sources that a setting decides. */
const Contradiction = ({ rule }: { readonly rule: Rule }): JSX.Element | null =>
  rule.contradiction === undefined ? null : (
    <details>
      <summary>The sources differ</summary>
      <ul>
        {rule.contradiction.sides.map(({ statement, source }) => (
          <li key={statement}>
            <Prose text={statement} /> <span class="muted">{source}</span>
          </li>
        ))}
      </ul>
      <p>
        Followed by default: <Prose text={rule.contradiction.followed} />{' '}
        <a href={toPlace({ room: 'rules', id: rule.id, filters: {} })}>{rule.id}</a>
      </p>
    </details>
  )

const Row = ({ setting }: { readonly setting: Setting }): JSX.Element => {
  const { path, value, fixed, isChanged } = setting
  const decided = rules.value.filter(({ contradiction }) => contradiction?.setting === path)
  return (
    <li class="setting">
      <code>{path}</code>
      <div>
        {fixed === undefined ? <Editor setting={setting} /> : <code>{JSON.stringify(value)}</code>}
        {isChanged && (
          <button
            type="button"
            class="quiet"
            onClick={({ currentTarget }) => {
              // It goes with the change; the field beside it stays.
              currentTarget.parentElement?.querySelector<HTMLElement>('input, select')?.focus()
              void change(path, null)
            }}
          >
            Restore the value of the start
          </button>
        )}
        {fixed !== undefined && <span class="muted">fixed at the start: {fixed}</span>}
      </div>
      {decided.map(rule => (
        <Contradiction key={rule.id} rule={rule} />
      ))}
    </li>
  )
}

/** The settings of the account; those that may change at run time can be changed. */
export const SettingsPart = (): JSX.Element => (
  <section class="part" aria-labelledby="settings-title">
    <h2 id="settings-title">Settings</h2>
    <p class="muted">They hold for this account, from its next call on, until it is reset.</p>
    <ul class="settings">
      {list.value.map(setting => (
        <Row key={setting.path} setting={setting} />
      ))}
    </ul>
  </section>
)
