import * as fc from 'fast-check'

type Path = readonly string[]

const nothing = Symbol('nothing')

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const longText = 10_000
const maxIdLength = 64

const damages: readonly ((value: unknown) => unknown)[] = [
  () => nothing,
  () => null,
  () => true,
  () => 'text',
  () => '',
  () => 0,
  () => -1,
  () => 0.5,
  () => Number.MAX_VALUE,
  () => -Number.MAX_VALUE,
  () => [],
  () => ({}),
  value => [value],
  value => (Array.isArray(value) ? [...value, ...value.slice(-1)] : [value, value]),
  value => ({ ...Object(value), unexpected: true }),
  value => (typeof value === 'string' ? `${value}_` : String(value)),
  value => (typeof value === 'string' ? value.toLowerCase() : 'wrong'),
  () => 'x'.repeat(longText),
  () => '😃'.repeat(maxIdLength),
  () => '😃'.repeat(maxIdLength + 1),
]

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path
  if (!isContainer(value)) return
  for (const key of Object.keys(value)) yield* pathsOf(value[key], [...path, key])
}

function damageAt(value: unknown, [key, ...rest]: Path, damage: (value: unknown) => unknown) {
  if (key === undefined || !isContainer(value)) return damage(value)
  const inner: unknown = damageAt(value[key], rest, damage)
  if (Array.isArray(value)) {
    const elements: unknown[] = [...value]
    if (inner === nothing) elements.splice(Number(key), 1)
    else elements[Number(key)] = inner
    return elements
  }
  const { [key]: _, ...others } = value
  return inner === nothing ? others : { ...value, [key]: inner }
}

/**
 * Mutates the JSON values of an arbitrary, each at one path: removes a field or an element, or replaces its value by another
 * type, a wrong word, an empty or very long text, a negative number or a list. Some results are still valid.
 */
export const mutated = (values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(values, fc.noBias(fc.nat()), fc.constantFrom(...damages))
    .map(([value, index, damage]) => {
      const paths = [...pathsOf(value)]
      const damaged = damageAt(value, paths[index % paths.length] ?? [], damage)
      return damaged === nothing ? null : damaged
    })
