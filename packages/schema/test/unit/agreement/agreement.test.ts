import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultDifferences } from '../../../scripts/json-schema-page/differences.ts'
import { arbitraries, mutated } from '../../../src/arbitraries.ts'
import { fixtures, type SchemaName } from '../../../src/fixtures.ts'
import { type Verdicts, verdictsOn } from './verdicts.ts'

const names = Object.keys(fixtures) as SchemaName[]

const isAgreed = ({ parser, jsonSchema }: Verdicts) =>
  jsonSchema.every(verdict => verdict === parser)

const isKnownDifference = (name: SchemaName, value: unknown): boolean =>
  defaultDifferences.some(({ schemas, mayDiffer }) => schemas.includes(name) && mayDiffer(value))

/** The schemas of input; the others, which describe Sendbox's output, need fewer runs. */
const requestNames: readonly SchemaName[] = [
  'SendRequest',
  'PublishEventRequest',
  'UpdateConversationFieldRequest',
  'SetUserProfileRequest',
  'GenerateUrlForUploadFileRequest',
  'GenerateUrlForDownloadFileRequest',
  'PublishedEvent',
  'ContentEvent',
  'TextContentEvent',
  'FileContentEvent',
  'OlderFileContentEvent',
  'HostedFileEvent',
  'ChatStateEvent',
  'AcceptStatusEvent',
  'RichContentEvent',
  'ConversationField',
  'ConversationStateField',
  'DialogChangeField',
  'StageField',
  'CsatRateField',
  'TtrField',
  'ConversationBatch',
  'ConversationBatchItem',
  'FirstMessageRequest',
  'ConsumerRequestConversationRequest',
  'CustomerInfoSde',
  'PersonalInfoSde',
  'Sde',
  'Metadata',
  'ExternalIdMetadata',
  'ActionReasonMetadata',
  'RequestId',
  'ClientProperties',
  'AppTokenRequest',
  'ConsumerRequest',
]

const runsFor = (name: SchemaName) => ({
  seed: 1,
  numRuns: requestNames.includes(name) ? 1000 : 100,
})

test.each(names)(
  'the JSON Schema of %s accepts every generated value that the parser accepts',
  name => {
    const values: fc.Arbitrary<unknown> = fc.oneof(arbitraries[name], mutated(arbitraries[name]))
    let accepted = 0
    const law = fc.property(values, value => {
      const { parser, jsonSchema } = verdictsOn(name, value)
      if (parser) accepted += 1
      return !parser || jsonSchema.every(Boolean)
    })
    expect(() => fc.assert(law, runsFor(name))).not.toThrow()
    expect(accepted).toBeGreaterThan(0)
  },
)

test.each(names)(
  'the parser accepts every generated value that the JSON Schema of %s accepts',
  name => {
    const values: fc.Arbitrary<unknown> = fc.oneof(arbitraries[name], mutated(arbitraries[name]))
    let refused = 0
    const law = fc.property(values, value => {
      const verdicts = verdictsOn(name, value)
      if (!verdicts.parser) refused += 1
      return isAgreed(verdicts) || isKnownDifference(name, value)
    })
    expect(() => fc.assert(law, { ...runsFor(name), seed: 2 })).not.toThrow()
    expect(refused).toBeGreaterThan(0)
  },
)

test('ConversationBatch and its JSON Schema agree on lists of any requests (CON-2)', () => {
  const { SetUserProfileRequest, ConsumerRequestConversationRequest, FirstMessageRequest } =
    fixtures
  const item = fc.constantFrom(
    SetUserProfileRequest.smallest(),
    ConsumerRequestConversationRequest.smallest(),
    FirstMessageRequest.smallest(),
  )
  const seen = new Set<string>()
  const law = fc.property(fc.array(item, { maxLength: 5 }), list => {
    const verdicts = verdictsOn('ConversationBatch', list)
    seen.add(`${list.length} ${verdicts.parser}`)
    return isAgreed(verdicts)
  })
  expect(() => fc.assert(law, { seed: 1, numRuns: 1000 })).not.toThrow()
  expect([...seen].toSorted()).toEqual([
    '0 false',
    '1 false',
    '2 false',
    '2 true',
    '3 false',
    '3 true',
    '4 false',
    '5 false',
  ])
})

const upload = (fileSize: unknown, fileType = 'PNG') => ({
  id: '1',
  type: 'ms.GenerateURLForUploadFile',
  body: { fileSize, fileType },
})

test('SendRequest and its JSON Schema agree on file sizes as text and as a number (PUB-5.2)', () => {
  const max = 3_145_728
  const sizes = fc.oneof(fc.nat({ max: 2 * max }), fc.integer({ min: max - 9, max: max + 9 }))
  const texts = fc.tuple(sizes, fc.nat({ max: 8 })).map(([size, zeros]) => '0'.repeat(zeros) + size)
  const seen = new Set<boolean>()
  const law = fc.property(fc.oneof(sizes, texts), fileSize => {
    const verdicts = verdictsOn('SendRequest', upload(fileSize))
    seen.add(verdicts.parser)
    return isAgreed(verdicts) && verdicts.parser === Number(fileSize) <= max
  })
  expect(() => fc.assert(law, { seed: 1, numRuns: 5000 })).not.toThrow()
  expect(seen).toEqual(new Set([true, false]))
})

const file = (message: object) => ({
  id: '1',
  type: 'ms.PublishEvent',
  body: {
    dialogId: 'd',
    event: {
      type: 'ContentEvent',
      contentType: 'hosted/file',
      message: { relativePath: '/v1/a', fileType: 'JPG', ...message },
    },
  },
})

test.each<[string, unknown, boolean]>([
  ['a file of type EXE [PUB-4.1]', file({ fileType: 'EXE' }), false],
  ['a file whose type only contains one [PUB-4.1]', file({ fileType: 'JPGX' }), false],
  ['a file whose type only ends as one [PUB-4.1]', file({ fileType: 'XGIF' }), false],
  ['a file whose type has a line break behind it [PUB-4.1]', file({ fileType: 'JPG\n' }), false],
  ['a file of type jPg [PUB-4.2]', file({ fileType: 'jPg' }), true],
  ['an upload of type EXE [PUB-4.1]', upload(1, 'EXE'), false],
  ['an upload of type gif [PUB-4.2]', upload(1, 'gif'), true],
  ['an upload of no bytes', upload('0'), true],
  ['an upload of more bytes than a number holds [PUB-5.2]', upload('9'.repeat(400)), false],
  ['an upload of no digits', upload(''), false],
  ['a preview of 30,719 characters [PUB-5.1]', file({ preview: '😃'.repeat(30_719) }), true],
  ['a preview of 30,720 characters [PUB-5.1]', file({ preview: 'x'.repeat(30_720) }), false],
  [
    'a first message with a file of type EXE [PUB-4.1]',
    [
      fixtures.SetUserProfileRequest.smallest(),
      fixtures.ConsumerRequestConversationRequest.smallest(),
      file({ fileType: 'EXE' }),
    ].map((item, index) =>
      index === 2 ? { ...item, body: { event: file({ fileType: 'EXE' }).body.event } } : item,
    ),
    false,
  ],
])('the parser and the JSON Schema agree on %s', (_, value, isAccepted) => {
  const name = Array.isArray(value) ? 'ConversationBatch' : 'SendRequest'
  expect(verdictsOn(name, value)).toEqual({
    parser: isAccepted,
    jsonSchema: [isAccepted, isAccepted],
  })
})

test('the JSON Schema of a manifest accepts every endpoint that zod accepts', () => {
  const spaces = fc.string({
    unit: fc.constantFrom(' ', '\t', '\n', '\u00a0', '\ufeff'),
    maxLength: 2,
  })
  const scheme = fc.mixedCase(fc.constantFrom('http', 'https', 'ftp', 'httpsx'))
  const rest = fc.oneof(
    fc.webUrl().map(url => url.slice('https'.length)),
    fc.string({ maxLength: 12 }),
  )
  const endpoints = fc
    .tuple(spaces, scheme, fc.constantFrom('://', ':', ':/', ''), rest, spaces)
    .map(parts => parts.join(''))
  const seen = new Set<boolean>()
  const law = fc.property(endpoints, endpoint => {
    const value = { 'cqm.ExConversationChangeNotification': { endpoint } }
    const { parser, jsonSchema } = verdictsOn('Webhooks', value)
    seen.add(parser)
    return !parser || jsonSchema.every(Boolean)
  })
  expect(() => fc.assert(law, { seed: 1, numRuns: 3000 })).not.toThrow()
  expect(seen).toEqual(new Set([true, false]))
})
