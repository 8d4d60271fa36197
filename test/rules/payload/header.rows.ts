import { open, opening, profile, publish, sendBatch, text } from '../requests.ts'
import { answers, type Row, refuses, takes } from '../row.ts'
import { surveyAfter } from '../steps.ts'

/** The headers beside the tokens. */
export const headerRows: readonly Row[] = [
  ...['.ClientProperties', 'ClientProperties', '.ams.headers.ClientProperties'].map(
    (type): Row => ({
      rule: 'REQ-6.1',
      sentence: `reads Client-Properties of the type ${type}`,
      settings: { survey: true },
      hasConversation: false,
      steps: surveyAfter(JSON.stringify({ type, features: ['MULTI_DIALOG'], appId: 'x' }), true),
    }),
  ),
  {
    rule: 'REQ-6.1',
    sentence: 'reads MULTI_DIALOG among all documented features, and misses it where it is not',
    settings: { survey: true, secondConversation: 'allow' },
    hasConversation: false,
    steps: [
      ...surveyAfter(
        '{"type":".ClientProperties","features":["AUTO_MESSAGES","RICH_CONTENT","CO_BROWSE","CO_APP","PHOTO_SHARING","SECURE_FORMS","QUICK_REPLIES","MULTI_DIALOG"]}',
        true,
      ),
      ...surveyAfter('{"type":".ClientProperties","features":["QUICK_REPLIES"]}', false),
    ],
  },
  {
    rule: 'REQ-6.2',
    sentence: 'keeps reading beside features that clients or nobody names',
    settings: { survey: true },
    hasConversation: false,
    steps: surveyAfter(
      '{"features":["FILE_SHARING","MARKDOWN_HYPERLINKS","SOMETHING_NEW","MULTI_DIALOG"]}',
      true,
    ),
  },
  {
    rule: 'REQ-6.2',
    sentence: 'ignores a Client-Properties header that is not JSON',
    settings: { survey: true },
    hasConversation: false,
    steps: [
      ...surveyAfter('MULTI_DIALOG', false),
      [open({}, { headers: { 'Client-Properties': '{"features":' } }), answers(200)],
      [publish(text('hi'), { headers: { 'Client-Properties': '{' } }), takes(0)],
    ],
  },
  {
    rule: 'REQ-6.2',
    sentence: 'counts no feature under another type, and none of a list with a wrong element',
    settings: { survey: true, secondConversation: 'allow' },
    hasConversation: false,
    steps: [
      ...surveyAfter('{"type":"clientProperties","features":["MULTI_DIALOG"]}', false),
      ...surveyAfter('{"type":".ClientProperties","features":["MULTI_DIALOG",null]}', false),
      ...surveyAfter('{"type":7,"features":["MULTI_DIALOG"]}', false),
    ],
  },
  {
    rule: 'REQ-7.1',
    sentence: 'takes application/json, with a charset too',
    steps: [
      [publish(text('hi')), takes(0)],
      [
        publish(text('hi'), { headers: { 'Content-Type': 'application/json; charset=UTF-8' } }),
        takes(1),
      ],
    ],
  },
  ...['text/plain', 'application/x-www-form-urlencoded', 'text/json', undefined].map(
    (contentType): Row => ({
      rule: 'REQ-7.2',
      sentence: `refuses the Content-Type ${contentType}`,
      steps: [
        [publish(text('hi'), { headers: { 'Content-Type': contentType } }), refuses(41550)],
        [
          sendBatch([profile, opening()], { headers: { 'Content-Type': contentType } }),
          refuses(41550),
        ],
      ],
    }),
  ),
]
