import { view } from './calls.ts'
import { closeDialog, mainDialog, open, openWithSurvey } from './requests.ts'
import { answers, type Row, type Step, shows } from './row.ts'

/** Expects these events, and no others, to be kept. */
export const keeps = (...events: readonly object[]): Step => [
  view,
  shows({ dialogs: [{ transcript: events.map(event => ({ event })) }] }),
]

/** Opens a conversation with this header, closes its main dialog, and shows whether a survey followed. */
export const surveyAfter = (header: string, hasSurvey: boolean): Row['steps'] => [
  [open({ skillId: '7' }, { headers: { 'Client-Properties': header } }), answers(200)],
  [closeDialog(mainDialog), answers(200)],
  [view, shows({ stage: hasSurvey ? 'OPEN' : 'CLOSE' })],
]

/** A conversation whose main dialog is closed and whose survey is open. */
export const inSurvey = (
  steps: Row['steps'],
): Pick<Row, 'settings' | 'hasConversation' | 'steps'> => ({
  settings: { survey: true },
  hasConversation: false,
  steps: [[openWithSurvey, answers(200)], [closeDialog(mainDialog), answers(200)], ...steps],
})
