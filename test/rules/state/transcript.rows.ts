import { view } from '../calls.ts'
import { publish, text } from '../requests.ts'
import { type Row, shows, takes } from '../row.ts'

const threeTexts = [
  [publish(text('zero')), takes(0)],
  [publish(text('one')), takes(1)],
  [publish(text('two')), takes(2)],
] as const

/** How much of a transcript is kept; what is dropped changes no number. */
export const transcriptRows: readonly Row[] = [
  {
    rule: 'SEQ-1',
    sentence: 'goes on with its numbers where the transcript keeps but the newest entries',
    settings: { transcriptEntries: 2 },
    steps: [
      ...threeTexts,
      [
        view,
        shows({
          dropped: 1,
          dialogs: [{ nextSequence: 3, transcript: [{ sequence: 1 }, { sequence: 2 }] }],
        }),
      ],
    ],
  },
  {
    rule: 'SEQ-1',
    sentence: 'keeps every entry where the setting is null',
    settings: { transcriptEntries: null },
    steps: [
      ...threeTexts,
      [view, shows({ dropped: 0, dialogs: [{ transcript: [{ sequence: 0 }, {}, {}] }] })],
    ],
  },
]
