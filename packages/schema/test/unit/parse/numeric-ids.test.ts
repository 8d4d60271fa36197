import { expect, test } from 'vitest'
import { type ParseOptions, parseConversationBatch } from '../../../src/index.ts'

const open = (body: object) => [
  { id: 1, type: 'userprofile.SetUserProfile', body: {} },
  { id: 2, type: 'cm.ConsumerRequestConversation', body },
]

const parse = (body: object, options?: ParseOptions) => {
  const result = parseConversationBatch(open(body), options)
  return result.ok
    ? { body: result.request[1]?.body, noted: result.diagnostics }
    : { refused: result.problems }
}

const tolerated = (pointer: string) => ({
  path: `/1/body/${pointer}`,
  expected: 'text',
  rule: 'CON-1b',
  evidence: 'tolerated',
})

test.each([
  [3_801_636_938, '3801636938'],
  [0, '0'],
  [-1, '-1'],
  [9_999_999_999, '9999999999'],
])('reads the numeric skillId %d as its text, with a diagnostic [CON-1b]', (skillId, text) => {
  expect(parse({ skillId })).toMatchObject({
    body: { skillId: text },
    noted: [tolerated('skillId')],
  })
  expect(parse({ skillId }, { mode: 'strict' })).toMatchObject({ refused: [tolerated('skillId')] })
})

test.each([-2, 3.5, 10_000_000_000, null, true, [1], '12345678901', '3.0'])(
  'refuses the skillId %j [CON-1b]',
  skillId => {
    expect(parse({ skillId })).toMatchObject({
      refused: [{ path: '/1/body/skillId', expected: 'up to 10 digits or "-1"' }],
    })
  },
)

test('takes numeric ids of campaign and context, and features where an older page has them [CON-1b]', () => {
  const campaignInfo = { campaignId: 774_285_730, engagementId: 1_039_016_132 }
  const conversationContext = {
    visitorId: 1,
    sessionId: 2,
    interactionContextId: 3,
    clientProperties: { type: '.ClientProperties', features: ['AUTO_MESSAGES'] },
    features: 'AUTO_MESSAGES',
  }
  const { body, noted } = parse({ campaignInfo, conversationContext })
  expect(body).toEqual({
    campaignInfo,
    conversationContext: { ...conversationContext, features: ['AUTO_MESSAGES'] },
  })
  expect(noted?.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    '/1/body/campaignInfo/campaignId CON-1b',
    '/1/body/campaignInfo/engagementId CON-1b',
    '/1/body/conversationContext/visitorId CON-1b',
    '/1/body/conversationContext/sessionId CON-1b',
    '/1/body/conversationContext/interactionContextId CON-1b',
    '/1/body/conversationContext/clientProperties CON-1b',
    '/1/body/conversationContext/features CON-1b',
  ])
})
