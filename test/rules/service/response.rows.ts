import { expect } from 'vitest'
import { batchPath, call, get } from '../calls.ts'
import { askDownload, askUpload } from '../files.ts'
import {
  close,
  closeDialog,
  csat,
  firstMessage,
  mainDialog,
  open,
  opening,
  profile,
  publish,
  receipt,
  send,
  sendBatch,
  text,
  ttr,
  update,
} from '../requests.ts'
import {
  answers,
  answersText,
  hasHeader,
  type Row,
  refuses,
  type Step,
  shows,
  succeeds,
  takes,
} from '../row.ts'
import { appClaims, forge } from '../tokens.ts'
import { accountId, type World } from '../world.ts'

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)

const profileIsSet = { msg: 'OK User Profile set successfully' }
const isResolved = { msg: 'OK Conversation resolved successfully' }

const repeats = (id: string): Step => [
  call({ raw: `{"id":${id},"type":"userprofile.SetUserProfile","body":{}}` }),
  shows({ reqId: id }),
]

/** The URL that was given, in the order of keys of the samples. */
const urlAnswer = ({ memory }: World): string =>
  JSON.stringify({
    code: 'OK',
    body: {
      relativePath: memory.file?.relativePath,
      queryParams: {
        temp_url_sig: memory.file?.queryParams.temp_url_sig,
        temp_url_expires: memory.file?.queryParams.temp_url_expires,
      },
    },
    reqId: '1',
  })

const isJson = hasHeader('content-type', 'application/json;charset=utf-8')

const badType = { json: { id: 7, type: 'ms.Foo', body: {} } }

const error = (reqId: string, status: number, body: unknown): string =>
  JSON.stringify({ kind: 'resp', reqId, code: status, body, type: '.ReqBody$ErrorResp' })

/** Answers that succeed. */
export const successRows: readonly Row[] = [
  {
    rule: 'RES-1',
    sentence: 'answers with reqId, code and body, and nothing else',
    steps: [
      [publish(text('hi')), answers(200, { reqId: '1', code: 'OK', body: { sequence: 0 } })],
      [update(csat), answers(200, { reqId: '1', code: 'OK', body: { msg: 'OK' } })],
    ],
  },
  {
    rule: 'RES-1a',
    sentence: 'writes reqId, code, body on SEND',
    steps: [
      [publish(text('hi')), answersText(200, '{"reqId":"1","code":"OK","body":{"sequence":0}}')],
      [update(csat), answersText(200, '{"reqId":"1","code":"OK","body":{"msg":"OK"}}')],
    ],
  },
  {
    rule: 'RES-1a',
    sentence: 'writes code, body, reqId in batch items',
    hasConversation: false,
    steps: [
      [
        open(),
        answersText(
          200,
          ({ memory }) =>
            `[{"code":"OK","body":{"msg":"OK User Profile set successfully"},"reqId":"1"},{"code":"OK","body":{"conversationId":"${memory.conversationId}"},"reqId":"2"}]`,
        ),
      ],
    ],
  },
  {
    rule: 'RES-1a',
    sentence: 'writes code, body, reqId in URL answers',
    steps: [
      [askUpload(), answersText(200, urlAnswer)],
      [askDownload, answersText(200, urlAnswer)],
    ],
  },
  {
    rule: 'RES-1b',
    sentence: 'answers in JSON with a charset, refusals too',
    settings: { secondConversation: 'allow' },
    steps: [
      [publish(text('hi')), isJson],
      [open(), isJson],
      [call({ json: {} }), answers(400), isJson],
      [call({ query: '' }), answers(404), isJson],
      [get('/nothing'), answers(404), isJson],
    ],
  },
  {
    rule: 'RES-2',
    sentence: 'repeats the id as text',
    steps: [
      [publish(text('hi'), { request: { id: 3 } }), shows({ reqId: '3' })],
      [publish(text('hi'), { request: { id: '1,' } }), shows({ reqId: '1,' })],
      [call(badType), refuses(40053, { reqId: '7' })],
    ],
  },
  {
    rule: 'RES-2',
    sentence: 'repeats an integer of any length with all its digits',
    steps: [
      repeats('12345678901234567890'),
      repeats('-12345678901234567890'),
      repeats('7'.repeat(400)),
    ],
  },
  {
    rule: 'RES-3',
    sentence: 'answers a publish with its sequence',
    steps: [
      [publish(text('hi')), succeeds({ sequence: 0 })],
      [publish(receipt('READ', [0])), succeeds({ sequence: 1 })],
    ],
  },
  {
    rule: 'RES-4',
    sentence: 'answers a batch with the documented text and a conversationId that is a UUID',
    hasConversation: false,
    steps: [
      [
        sendBatch([profile, opening()]),
        answers(200, [
          { code: 'OK', body: profileIsSet, reqId: '1' },
          { code: 'OK', body: { conversationId: uuid }, reqId: '2' },
        ]),
      ],
    ],
  },
  {
    rule: 'RES-4a',
    sentence: 'answers a profile by SEND as in a batch',
    steps: [[send({ type: 'userprofile.SetUserProfile', body: {} }), succeeds(profileIsSet)]],
  },
  {
    rule: 'RES-5.1',
    sentence: 'answers a close with the text of the WebSocket',
    steps: [[close, shows({ body: { msg: 'OK Conversation resolved successfully' } })]],
  },
  ...[close, closeDialog(mainDialog), update({ field: 'Stage', conversationState: 'CLOSE' })].map(
    (request, index): Row => ({
      rule: 'RES-5.2',
      sentence: `wraps the text of a close by ${['the state', 'its dialog', 'the stage'][index]}`,
      steps: [[request, succeeds(isResolved)]],
    }),
  ),
  {
    rule: 'RES-5.2',
    sentence: 'answers a rating and a time to respond with OK',
    steps: [
      [update(csat), succeeds({ msg: 'OK' })],
      [update(ttr('URGENT', 60)), succeeds({ msg: 'OK' })],
    ],
  },
]

/** Answers that refuse. */
export const errorRows: readonly Row[] = [
  {
    rule: 'RES-6',
    sentence: 'writes an error as an object, with the reqId where it could be read',
    settings: { errors: { body: 'object' } },
    steps: [
      [
        call(badType),
        answersText(
          400,
          error('7', 400, {
            title: 'Bad Request',
            details: 'Unsupported type ms.Foo',
            errorCode: 40053,
          }),
        ),
      ],
      [call({ json: { type: 'ms.Foo' } }), refuses(40053, { reqId: null })],
      [call({ raw: '{"id":"7"' }), refuses(40050)],
    ],
  },
  {
    rule: 'RES-6',
    sentence:
      'writes the details as text for a 400 where the setting says so, and for nothing else',
    settings: { errors: { body: 'string' } },
    steps: [
      [call(badType), answersText(400, error('7', 400, 'Unsupported type ms.Foo'))],
      [publish(text('hi'), { body: { dialogId: '?' } }), refuses(40451)],
    ],
  },
  {
    rule: 'RES-6',
    sentence: 'leaves errors of authorization as they are where the setting says text',
    settings: { errors: { body: 'string' } },
    steps: [
      [publish(text('hi'), { headers: { Authorization: 'broken' } }), refuses(40102)],
      [
        publish(text('hi'), {
          headers: { Authorization: forge({ ...appClaims, azp: undefined }) },
        }),
        refuses(40001),
      ],
    ],
  },
  {
    rule: 'RES-7',
    sentence: 'names what is wrong with a body',
    steps: [
      [call({ raw: '{' }), refuses(40050)],
      [call({ raw: '' }), refuses(40050)],
      [call({ json: [] }), refuses(40051)],
      [
        publish({ type: 'ChatStateEvent' }),
        refuses(40052, { details: '/body/event/chatState: expected …' }),
      ],
      [call(badType), refuses(40053, { reqId: '7' })],
      [
        send({ type: 'ms.GenerateURLForUploadFile', body: { fileSize: 9e9, fileType: 'PNG' } }),
        refuses(40056),
      ],
      [call({ path: batchPath, json: [] }), refuses(40059)],
    ],
  },
  {
    rule: 'RES-7',
    sentence: 'names what a conversation does not take',
    steps: [
      [sendBatch([profile, opening(), firstMessage]), refuses(40057, { reqId: '2' })],
      [sendBatch([profile, opening({ brandId: '1' })]), refuses(40060, { reqId: '2' })],
      [publish(text('hi'), { body: { dialogId: '?' } }), refuses(40451)],
      [close, succeeds(isResolved)],
      [publish(text('late')), refuses(40054)],
    ],
  },
  {
    rule: 'RES-7',
    sentence: 'names what strict mode does not take',
    settings: { mode: 'strict' },
    steps: [
      [publish(receipt('READ', [0])), refuses(40058)],
      [
        publish({
          type: 'ContentEvent',
          contentType: 'hosted/file',
          message: { relativePath: '/v1/unknown', fileType: 'PNG' },
        }),
        refuses(40061),
      ],
      [publish(text('first')), takes(0)],
    ],
  },
  {
    rule: 'RES-7',
    sentence: 'names what is wrong with the call itself',
    steps: [
      [call({ query: '?v=2' }), refuses(40450)],
      [get('/api/nothing'), refuses(40452)],
      [get(`/api/account/${accountId}`), refuses(40452)],
      [call({ method: 'PUT', raw: '{}' }), refuses(40550)],
      [get(`/sentinel/api/account/${accountId}/app/token`), refuses(40550)],
      [call({ raw: ' '.repeat(1024 * 1024 + 1) }), refuses(41350)],
      [publish(text('hi'), { headers: { 'Content-Type': 'text/plain' } }), refuses(41550)],
    ],
  },
  {
    rule: 'RES-7',
    sentence: 'refuses a body of more values than the settings allow as one that is too large',
    settings: { limits: { jsonValues: 20 } },
    steps: [
      [publish(text('hi')), takes(0)],
      [publish(receipt('READ', Array(20).fill(0))), refuses(41350)],
    ],
  },
]
