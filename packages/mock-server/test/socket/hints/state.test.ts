import { expect, test } from 'vitest'
import { text } from '../consumer-session.ts'
import { expectReason, startHintSession } from './refused-call.ts'

const now = 1_700_000_000_000

const toPublish = (dialogId: string, event: unknown = text('x'), more = {}): string =>
  JSON.stringify({
    kind: 'req',
    id: '1',
    type: 'ms.PublishEvent',
    body: { dialogId, event, ...more },
  })

const toUrlRequest = (type: string, body: object): string =>
  JSON.stringify({ kind: 'req', id: '1', type, body })

test('says whose upload URL came, what it is good for and when it ended [EP-15, EP-16, RES-9a]', async () => {
  await using session = await startHintSession({ now: () => now })
  const { server } = session
  const { clock } = server.account()
  const answer = await session.send(
    JSON.parse(toUrlRequest('ms.GenerateURLForUploadFile', { fileSize: 1, fileType: 'PNG' })),
  )
  const { relativePath, queryParams } = (
    answer.json as { body: { relativePath: string; queryParams: Record<string, string> } }
  ).body
  const toUrl = (query: Record<string, string>, path = relativePath) =>
    `${server.url}${path}?${new URLSearchParams(query).toString()}`
  const put = (url: string) => session.call({ method: 'PUT', url, body: 'x' })
  const { temp_url_sig = '', temp_url_expires = '' } = queryParams
  const refusals: readonly (readonly [string, ...string[]])[] = [
    [toUrl({ temp_url_expires }), 'no temp_url_sig'],
    [toUrl({}), 'no temp_url_sig and no temp_url_expires'],
    [`${toUrl(queryParams)}&temp_url_sig=x`, 'temp_url_sig more than once'],
    [toUrl({ temp_url_sig: 'x', temp_url_expires }), '40 hexadecimal digits'],
    [toUrl({ temp_url_sig: temp_url_sig.toUpperCase(), temp_url_expires }), 'another letter case'],
    [toUrl({ temp_url_sig, temp_url_expires: '1800000000' }), 'another path, account or time'],
    [toUrl({ temp_url_sig, temp_url_expires: 'soon' }), 'no number of seconds'],
    [toUrl(queryParams, relativePath.replace('.PNG', '.JPG')), 'another path, account or time'],
  ]
  for (const [url, ...says] of refusals) {
    const refused = await put(url)
    expect([refused.status, refused.code]).toEqual([401, 40151])
    expectReason(refused, 'an upload (PUT)', 'of account "12345678"', ...says)
  }
  const download = await session.call({ method: 'GET', url: toUrl(queryParams) })
  expectReason(
    download,
    'expected the signature of a download (GET)',
    'received the signature of an upload (PUT)',
  )
  clock.freeze()
  await clock.advance(60_000)
  const late = await put(toUrl(queryParams))
  expect(late.code).toBe(40151)
  expectReason(late, 'ended at 2023-11-14T22:14:20.000Z', '60 s')
})

test('says that nothing was put to a path, and how large a file may be [EP-16, PUB-5.2, RES-9a]', async () => {
  await using session = await startHintSession({ settings: { limits: { fileBytes: 5 } } })
  const { server } = session
  const ask = async (type: string, body: object) => {
    const { json } = await session.send(JSON.parse(toUrlRequest(type, body)))
    const { relativePath, queryParams } = (
      json as { body: { relativePath: string; queryParams: Record<string, string> } }
    ).body
    return {
      relativePath,
      url: `${server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`,
    }
  }
  const upload = await ask('ms.GenerateURLForUploadFile', { fileSize: 1, fileType: 'PNG' })
  const download = await ask('ms.GenerateURLForDownloadFile', { relativePath: upload.relativePath })
  const missing = await session.call({ method: 'GET', url: download.url })
  expect(missing.code).toBe(40454)
  expectReason(missing, 'nothing was put')
  const large = await session.call({ method: 'PUT', url: upload.url, body: 'more than 5' })
  expect(large.code).toBe(41350)
  expectReason(large, 'at most 5 bytes, received 11 bytes', 'limits.fileBytes')
  const encoded = await session.call({
    method: 'PUT',
    url: upload.url,
    body: 'x',
    headers: { 'Content-Encoding': 'gzip' },
  })
  expect([encoded.status, encoded.code]).toEqual([415, 41551])
  expectReason(encoded, 'stored as it comes')
  const tooLarge = await session.refuse(
    {},
    toUrlRequest('ms.GenerateURLForUploadFile', { fileSize: 6, fileType: 'PNG' }),
  )
  expect(tooLarge.code).toBe(40056)
  expect(tooLarge.hint).toContain('/body/fileSize: expected at most 5 bytes, received 6')
})

test('says which conversation or dialog is unknown, and who has it [LIF-4.2, LIF-6, RES-9a]', async () => {
  await using session = await startHintSession()
  const { server, conversationId } = session
  const foreign = await server.account('87654321').conversations.open('zoe')
  const second = await server.account().conversations.open('zoe')
  const refuse = async (body: string, ...says: string[]) => {
    const refused = await session.refuse({}, body)
    expect([refused.status, refused.code]).toEqual([404, 40451])
    expectReason(refused, ...says)
  }
  await refuse(toPublish('nowhere'), 'an unknown id', 'which has 2')
  await refuse(
    toPublish(foreign.conversationId),
    'of account "12345678"',
    'one of account "87654321"',
  )
  await refuse(
    toPublish('nowhere', text('x'), { conversationId }),
    'an unknown dialog',
    conversationId,
  )
  await refuse(
    toPublish(second.conversationId, text('x'), { conversationId }),
    'a dialog of another conversation',
  )
})

test('says who closed a conversation and when [LIF-2.1, RES-9a]', async () => {
  await using session = await startHintSession({ now: () => now })
  await session.close()
  const refused = await session.refuse({})
  expect([refused.status, refused.code]).toEqual([400, 40054])
  expectReason(refused, 'CONSUMER closed at 2023-11-14T22:13:20.000Z', 'CONVERSATION')
})

test('says why a survey does not take an event, and a closed main dialog neither [LIF-3, LIF-3a, RES-9a]', async () => {
  await using session = await startHintSession()
  const agent = session.server.account().agent(session.conversationId)
  await agent.join()
  await agent.startSurvey()
  const composing = { type: 'ChatStateEvent', chatState: 'COMPOSING' }
  const view = await session.server.account().conversations.get(session.conversationId)
  const survey =
    view?.dialogs.find(({ dialogType }) => dialogType === 'POST_SURVEY')?.dialogId ?? ''
  const main = await session.refuse({}, toPublish(session.conversationId, composing))
  expect(main.code).toBe(40055)
  expectReason(main, 'the main one is closed', 'ChatStateEvent')
  const inSurvey = await session.refuse({}, toPublish(survey, composing))
  expect(inSurvey.code).toBe(40055)
  expectReason(inSurvey, 'an event that a survey takes')
})

test('says in strict mode which sequence and which file are not there [PUB-3b, PUB-8a, RES-9a]', async () => {
  await using session = await startHintSession({ settings: { mode: 'strict' } })
  const receipt = { type: 'AcceptStatusEvent', status: 'READ', sequenceList: [7] }
  const none = await session.refuse({}, toPublish(session.conversationId, receipt))
  expect(none.code).toBe(40058)
  expectReason(none, 'no message yet', 'received 7')
  await session.publish(text('x'))
  expectReason(
    await session.refuse({}, toPublish(session.conversationId, receipt)),
    'numbers up to 0',
  )
  const file = {
    type: 'ContentEvent',
    contentType: 'hosted/file',
    message: { relativePath: `/v1/AUTH_async-images/12345678/x.png`, fileType: 'PNG' },
  }
  const refused = await session.refuse({}, toPublish(session.conversationId, file))
  expect(refused.code).toBe(40061)
  expectReason(refused, 'ms.GenerateURLForUploadFile')
})

test('names the open conversation, and the brandId that is wrong [CON-3, CON-4.1, RES-9a]', async () => {
  await using session = await startHintSession()
  const batch = (brandId?: string) =>
    session.call({
      url: session.batchUrl,
      headers: session.headers,
      body: JSON.stringify([
        {
          kind: 'req',
          id: '1',
          type: 'userprofile.SetUserProfile',
          body: { authenticatedData: { lp_sdes: [] } },
        },
        {
          kind: 'req',
          id: '2',
          type: 'cm.ConsumerRequestConversation',
          body: { ttrDefName: null, channelType: 'MESSAGING', brandId },
        },
      ]),
    })
  const second = await batch('12345678')
  expect(second.code).toBe(40057)
  expectReason(second, session.conversationId, 'secondConversation')
  const wrong = await batch('1')
  expect(wrong.code).toBe(40060)
  expectReason(wrong, '/1/body/brandId', '"12345678"', '"1"')
  const missing = await batch()
  expect(missing.code).toBe(40001)
  expectReason(missing, '/1/body/brandId', 'received nothing')
})

test('says what limits the rate, and that a frozen clock never moves on [RES-8.1, RES-9a]', async () => {
  await using session = await startHintSession({ settings: { limits: { requestsPerSecond: 0 } } })
  expectReason(await session.refuse({}), 'at most 0 calls a second', 'requestsPerSecond')
  session.server.account().clock.freeze()
  const refused = await session.refuse({})
  expect([refused.status, refused.code]).toEqual([429, 42950])
  expectReason(refused, 'frozen')
})

test('says which evidence is missing, and which account is unknown by a setting [EP-7.1, RES-9, RES-9a]', async () => {
  await using session = await startHintSession({ settings: { minEvidence: 'documented' } })
  const refused = await session.refuse({}, toPublish('nowhere'))
  expect([refused.status, refused.code]).toEqual([501, 50150])
  expectReason(refused, 'documented', 'LIF-6')
  await using service = await startHintSession({
    settings: { domainApi: { unknownAccounts: ['12345678'] } },
  })
  const url = `${service.server.url}/api/account/12345678/service/baseURI.json?version=1.0`
  const unknown = await service.call({ method: 'GET', url })
  expect([unknown.status, unknown.code]).toEqual([401, 40150])
  expectReason(unknown, 'unknownAccounts')
})
