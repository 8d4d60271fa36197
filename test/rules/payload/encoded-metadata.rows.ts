import { publish, text } from '../requests.ts'
import { type Row, refusesAt, takes } from '../row.ts'
import { keeps } from '../steps.ts'

const withMetadata = (event: object, encodedMetadata: unknown) =>
  publish(event, { request: { encodedMetadata } })

const card = { type: 'RichContentEvent', content: { type: 'button' } }
const refused = refusesAt('/encodedMetadata')

/** Base64 beside a message. */
export const encodedMetadataRows: readonly Row[] = [
  ...(['strict', 'as-service'] as const).map(
    (mode): Row => ({
      rule: 'REQ-9.1',
      sentence: `takes base64 beside a text and a card in ${mode} mode`,
      settings: { mode },
      steps: [
        [withMetadata(text('hi'), 'eyJpbmZvIjoiZW5jb2RlZCJ9'), takes(0)],
        [withMetadata(card, 'e30='), takes(1)],
        keeps(text('hi'), card),
      ],
    }),
  ),
  {
    rule: 'REQ-9.1',
    sentence: 'refuses and drops what is not base64, and what stands beside another event',
    steps: [
      [withMetadata(text('hi'), '***'), refused],
      [withMetadata({ type: 'ChatStateEvent', chatState: 'COMPOSING' }, 'e30='), refused],
      [
        withMetadata({ type: 'AcceptStatusEvent', status: 'READ', sequenceList: [0] }, 'e30='),
        refused,
      ],
      keeps(),
    ],
  },
  {
    rule: 'REQ-9.2',
    sentence: 'takes 5,120 characters, and refuses more with 40052',
    steps: [
      [withMetadata(text('hi'), 'A'.repeat(5_120)), takes(0)],
      [withMetadata(text('hi'), 'A'.repeat(5_124)), refused],
      keeps(text('hi')),
    ],
  },
]
