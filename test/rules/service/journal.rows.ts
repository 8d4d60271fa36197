import { journal } from '../calls.ts'
import { publish, text } from '../requests.ts'
import { type Row, shows, takes } from '../row.ts'
import { settingValues } from '../setting-values.ts'

const twoTexts = [
  [publish(text('zero')), takes(0)],
  [publish(text('one')), takes(1)],
] as const

/** How many requests the journal keeps, and events a stream; the others change no number. */
export const journalRows: readonly Row[] = [
  ...settingValues['events.entries'].map(
    (entries): Row => ({
      rule: 'SEQ-1',
      sentence: `continues with its numbers where a stream keeps ${entries} of the events`,
      settings: { events: { entries } },
      steps: [...twoTexts, [journal, shows({ requests: [{ id: 1 }, { id: 2 }] })]],
    }),
  ),
  {
    rule: 'SEQ-1',
    sentence: 'goes on with its numbers where the journal keeps but the newest request',
    settings: { journal: { entries: 1 } },
    steps: [
      ...twoTexts,
      [
        journal,
        shows({ dropped: 1, requests: [{ id: 2, answer: { body: { body: { sequence: 1 } } } }] }),
      ],
    ],
  },
  {
    rule: 'SEQ-1',
    sentence: 'goes on with its numbers where the journal keeps no request',
    settings: { journal: { entries: 0 } },
    steps: [...twoTexts, [journal, shows({ dropped: 2, requests: [] })]],
  },
  {
    rule: 'SEQ-1',
    sentence: 'goes on with its numbers where all journals together have no room',
    settings: { journal: { totalBytes: 0 } },
    steps: [...twoTexts, [journal, shows({ dropped: 1, requests: [{ id: 2 }] })]],
  },
]
