import { evidenceLevels, type RuleId, ruleById } from '@sendbox/schema'
import { expect } from 'vitest'
import { call, get, view } from '../calls.ts'
import { askDownload, askUpload, download, upload } from '../files.ts'
import { close, closeDialog, opening, profile, publish, sendBatch, text } from '../requests.ts'
import { answers, type Expectation, hasHeader, type Row, refuses, shows, takes } from '../row.ts'
import { askAppJwt, askConsumerJws, client, grant } from '../tokens.ts'
import { accountId } from '../world.ts'

const namedIn = (header: string | null): string[] => (header ?? '').split(/[\s,]+/).filter(Boolean)

/** Expects rules that are known, these among them, with the weakest evidence among them all. */
const names =
  (...expected: readonly RuleId[]): Expectation =>
  ({ headers }) => {
    const named = namedIn(headers.get('x-sendbox-rules'))
    expect(named).toEqual(expect.arrayContaining([...expected]))
    const levels = named.map(id => ruleById.get(id as RuleId)?.evidence)
    expect(levels).not.toContain(undefined)
    expect(levels).not.toContain('own')
    expect(named).not.toContain('RES-1b')
    expect(headers.get('x-sendbox-evidence')).toBe(
      evidenceLevels.findLast(level => levels.includes(level)),
    )
  }

/** Expects that this rule is not among those that decided. */
const namesNot =
  (rule: RuleId): Expectation =>
  ({ headers }) => {
    expect(namedIn(headers.get('x-sendbox-rules'))).not.toContain(rule)
  }

const namesNothing = [
  hasHeader('x-sendbox-rules', undefined),
  hasHeader('x-sendbox-evidence', undefined),
] as const

const hintsAt =
  (reason: string): Expectation =>
  ({ headers }) => {
    expect(headers.get('x-sendbox-hint')).toContain(reason)
  }

const evidence = (level: string) => hasHeader('x-sendbox-evidence', level)

const isWithheld = (reqId: string | null) => refuses(50150, { reqId })

const allServices = get(`/api/account/${accountId}/service/baseURI.json?version=1.0`)
const oneService = get(`/api/account/${accountId}/service/idp/baseURI.json?version=1.0`)
const unknownDialog = publish(text('hi'), { body: { dialogId: '?' } })

/** The headers that name rules and evidence of a response. */
export const evidenceRows: readonly Row[] = [
  {
    rule: 'RES-9a',
    sentence: 'says why a call is refused, and nothing about one that is not',
    settings: { hintHeader: true },
    steps: [
      [unknownDialog, hintsAt('an unknown id')],
      [publish(text('hi')), hasHeader('x-sendbox-hint', undefined)],
    ],
  },
  {
    rule: 'RES-9a',
    sentence: 'says nothing where the setting is off',
    settings: { hintHeader: false },
    steps: [[unknownDialog, hasHeader('x-sendbox-hint', undefined)]],
  },
  {
    rule: 'RES-9',
    sentence: 'names the rules of every answer, and the weakest evidence among them',
    settings: { evidenceHeaders: true },
    steps: [
      [publish(text('hi')), names('RES-3'), evidence('documented')],
      [askUpload(), names('URL-3.1')],
      [sendBatch([profile, opening()]), names('CON-4.2'), evidence('assumed')],
      [allServices, names('EP-6.1'), evidence('tolerated')],
      [oneService, names('EP-5.2'), evidence('tolerated')],
      [askAppJwt(grant, client), names('EP-9')],
      [askConsumerJws({ ext_consumer_id: 'x' }), names('EP-13')],
      [call({ query: '?v=2' }), names('EP-3.1')],
      [unknownDialog, names('LIF-6'), evidence('assumed')],
      [close, names('RES-5.1')],
      [publish(text('late')), names('LIF-2.2'), evidence('assumed')],
      [get('/nothing'), names('RES-7')],
      [call({ method: 'PUT', raw: '{}' }), names('RES-7')],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'names the rules of the storage',
    steps: [
      [askUpload(), names('URL-3.1')],
      [upload('abcd'), names('EP-15')],
      [download(), names('EP-16'), evidence('assumed')],
      [askDownload, names('URL-2')],
      [download(), names('EP-15')],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'names no rule that did not decide',
    steps: [
      [closeDialog(() => '?'), names('LIF-6'), namesNot('LIF-5')],
      [publish(text('hi')), namesNot('LIF-6')],
      [get(`/api/account/${accountId}/configuration/x`), answers(501), namesNot('EP-8.2')],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'names AUTH-11 only where two checks that were run fail',
    steps: [
      [
        publish(text('hi'), { headers: { Authorization: undefined } }),
        names('AUTH-6'),
        namesNot('AUTH-11'),
      ],
      [
        publish(text('hi'), { headers: { Authorization: undefined }, query: '?v=2' }),
        names('AUTH-6', 'AUTH-11'),
        evidence('assumed'),
      ],
      [
        call({ headers: { Authorization: undefined }, raw: '[]' }),
        names('AUTH-6'),
        namesNot('AUTH-11'),
      ],
      [call({ query: '?v=2', raw: '[]' }), refuses(40450), namesNot('AUTH-11')],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'names nothing where the setting is off',
    settings: { evidenceHeaders: false },
    steps: [
      [publish(text('hi')), takes(0), ...namesNothing],
      [unknownDialog, refuses(40451), ...namesNothing],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'names nothing in the answer of a fault that a magic value calls for',
    settings: { magicValues: true },
    steps: [
      [
        publish(text('Please sendbox:status=429')),
        refuses(42950),
        ...namesNothing,
        hasHeader('x-sendbox-fault', 'sendbox:status=429'),
      ],
      [publish(text('hi')), takes(0), names('RES-3')],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'takes a magic value for a text like any other where the setting is off',
    settings: { magicValues: false },
    steps: [[publish(text('Please sendbox:status=429')), takes(0), names('RES-3')]],
  },
  {
    rule: 'RES-9',
    sentence: 'gives every answer where the least evidence is assumed',
    settings: { minEvidence: 'assumed' },
    steps: [
      [unknownDialog, refuses(40451)],
      [oneService, answers(200)],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'withholds what is assumed where the least evidence is tolerated',
    settings: { minEvidence: 'tolerated' },
    steps: [
      [unknownDialog, isWithheld('1')],
      [oneService, answers(200)],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'withholds what is tolerated where the least evidence is recorded',
    settings: { minEvidence: 'recorded' },
    steps: [
      [oneService, isWithheld(null)],
      [allServices, answers(200)],
    ],
  },
  {
    rule: 'RES-9',
    sentence: 'withholds what is recorded where the least evidence is documented, and does nothing',
    settings: { minEvidence: 'documented' },
    steps: [
      [allServices, isWithheld(null)],
      [publish(text('hi')), takes(0)],
      [sendBatch([profile, opening()]), answers(501)],
      [view, shows({ stage: 'OPEN', dialogs: [{ transcript: [{}] }] })],
    ],
  },
]
