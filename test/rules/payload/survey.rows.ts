import { agent, view } from '../calls.ts'
import { closeDialog, mainDialog, open, openWithSurvey } from '../requests.ts'
import { answers, type Row, shows, succeeds } from '../row.ts'

const isResolved = succeeds({ msg: 'OK Conversation resolved successfully' })

const multiDialog = { headers: { 'Client-Properties': '{"features":["MULTI_DIALOG"]}' } }

/** Closes the main dialog of a conversation that was opened like this, and shows that no survey follows. */
const endsWith = (opening: Row['steps'][0]): Row['steps'] => [
  opening,
  [closeDialog(mainDialog), isResolved],
  [view, shows({ state: 'CLOSE', stage: 'CLOSE', dialogs: [{ state: 'CLOSE' }] })],
]

const survey = { settings: { survey: true }, hasConversation: false } as const

/** Whether a survey follows the main dialog. */
export const surveyRows: readonly Row[] = [
  {
    rule: 'UPD-3a.1',
    sentence: 'opens no survey without a skill',
    ...survey,
    steps: endsWith([open({}, multiDialog), answers(200)]),
  },
  {
    rule: 'UPD-3a.1',
    sentence: 'opens no survey for the skill -1, which is any',
    ...survey,
    steps: endsWith([open({ skillId: '-1' }, multiDialog), answers(200)]),
  },
  {
    rule: 'UPD-3a.1',
    sentence: 'opens no survey without MULTI_DIALOG',
    ...survey,
    steps: endsWith([open({ skillId: '7' }), answers(200)]),
  },
  {
    rule: 'UPD-3a.1',
    sentence: 'opens a survey when the agent closes the main dialog, too',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [agent('close'), answers(200)],
      [view, shows({ state: 'CLOSE', stage: 'OPEN', dialogs: [{}, { state: 'OPEN' }] })],
    ],
  },
  {
    rule: 'UPD-3a.2',
    sentence: 'opens no survey where the setting is off',
    settings: { survey: false },
    hasConversation: false,
    steps: endsWith([openWithSurvey, answers(200)]),
  },
  {
    rule: 'UPD-3a.2',
    sentence: 'opens no survey by default',
    hasConversation: false,
    steps: endsWith([openWithSurvey, answers(200)]),
  },
  {
    rule: 'UPD-3a.2',
    sentence: 'opens a survey where the setting is on',
    ...survey,
    steps: [
      [openWithSurvey, answers(200)],
      [closeDialog(mainDialog), isResolved],
      [view, shows({ stage: 'OPEN' })],
    ],
  },
]
