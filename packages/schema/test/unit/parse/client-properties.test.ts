import { expect, test } from 'vitest'
import { clientFeatures, parseClientProperties } from '../../../src/index.ts'

const summary = (header: string | undefined) => {
  const { features, diagnostics } = parseClientProperties(header)
  return { features, noted: diagnostics.map(({ path, rule }) => `${path} ${rule}`) }
}

const at = (pointer: string) => `/headers/client-properties${pointer} REQ-6.2`

const types = ['.ClientProperties', 'ClientProperties', '.ams.headers.ClientProperties']

test.each(types)('every known feature counts under the type %s [REQ-6.1]', type => {
  const header = JSON.stringify({ type, features: clientFeatures, appId: 'x', nested: [{}] })
  expect(summary(header)).toEqual({ features: clientFeatures, noted: [] })
})

test('a header that is absent or empty names nothing, and one without a type counts [REQ-6.1]', () => {
  expect(summary(undefined)).toEqual({ features: [], noted: [] })
  expect(summary('')).toEqual({ features: [], noted: [] })
  expect(summary('{"features":["MULTI_DIALOG"]}').features).toEqual(['MULTI_DIALOG'])
})

test('a bare feature counts as a list of one [REQ-6.1]', () => {
  expect(summary('{"features":"MULTI_DIALOG"}')).toEqual({ features: ['MULTI_DIALOG'], noted: [] })
})

test.each([
  ['[object Object]', ''],
  ['{"features":', ''],
  ['MULTI_DIALOG', ''],
  ["{'features':['MULTI_DIALOG']}", ''],
  ['[{"features":["MULTI_DIALOG"]}]', ''],
  ['"{\\"features\\":[\\"MULTI_DIALOG\\"]}"', ''],
  ['null', ''],
  ['7', ''],
  ['{"type":7,"features":["MULTI_DIALOG"]}', '/type'],
  ['{"type":null,"features":["MULTI_DIALOG"]}', '/type'],
  ['{"type":["ClientProperties"],"features":["MULTI_DIALOG"]}', '/type'],
  ['{"features":null}', '/features'],
  ['{"features":{"MULTI_DIALOG":true}}', '/features'],
  ['{"features":["MULTI_DIALOG",null]}', '/features/1'],
  ['{"features":[["MULTI_DIALOG"]]}', '/features/0'],
  ['{"features":["MULTI_DIALOG",7]}', '/features/1'],
])('of the header %s nothing counts, and a diagnostic says where [REQ-6.2]', (header, pointer) => {
  expect(summary(header)).toEqual({ features: [], noted: [at(pointer)] })
})

const messageOf = (header: string) => parseClientProperties(header).diagnostics[0]?.message

test.each([
  ['AUTO_MESSAGE', 'AUTO_MESSAGES'],
  ['auto_messages', 'AUTO_MESSAGES'],
  ['Multi_Dialog', 'MULTI_DIALOG'],
  ['MULTI-DIALOG', 'MULTI_DIALOG'],
  ['COBROWSE', 'CO_BROWSE'],
  ['MARKDOWN_HYPERLINK', 'MARKDOWN_HYPERLINKS'],
])('the unknown feature %s is kept, and the diagnostic names %s [REQ-6.2]', (feature, meant) => {
  const header = JSON.stringify({ type: '.ClientProperties', features: ['RICH_CONTENT', feature] })
  expect(summary(header)).toEqual({
    features: ['RICH_CONTENT', feature],
    noted: [at('/features/1')],
  })
  expect(messageOf(header)).toContain(`(did you mean "${meant}"?)`)
})

test('an unknown feature that resembles none is kept without a suggestion [REQ-6.2]', () => {
  const header = '{"features":["SOMETHING_NEW"]}'
  expect(summary(header)).toEqual({ features: ['SOMETHING_NEW'], noted: [at('/features/0')] })
  expect(messageOf(header)).not.toContain('did you mean')
})

test.each([
  ['clientProperties', '(did you mean "ClientProperties"?)'],
  ['.clientproperties', '(did you mean ".ClientProperties"?)'],
  ['.ams.headers.ClientPropertie', '(did you mean ".ams.headers.ClientProperties"?)'],
  ['SomethingElse', 'features count under no other type'],
])('under the type %s no feature counts, and the diagnostic says so [REQ-6.2]', (type, words) => {
  const header = JSON.stringify({ type, features: ['MULTI_DIALOG'] })
  expect(summary(header)).toEqual({ features: [], noted: [at('/type')] })
  expect(messageOf(header)).toContain(words)
})

test('a header of an object as text is told from other text [REQ-6.2]', () => {
  expect(messageOf('[object Object]')).toContain('(an object that was not written as JSON)')
  expect(messageOf('[object')).not.toContain('an object that was not')
})

test('a header with hundreds of unknown features has at most 100 diagnostics', () => {
  const features = Array.from({ length: 300 }, (_, index) => `F${index}`)
  const { features: kept, diagnostics } = parseClientProperties(JSON.stringify({ features }))
  expect([kept.length, diagnostics.length]).toEqual([300, 100])
})

test('a header pollutes no prototype and inherits no feature', () => {
  expect(summary('{"__proto__":{"features":["MULTI_DIALOG"]}}')).toEqual({
    features: [],
    noted: [],
  })
  expect(Object.hasOwn(Object.prototype, 'features')).toBe(false)
})
