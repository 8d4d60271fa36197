import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { Access, Action, EventChoice, FieldChoice } from './action.ts'
import { expectControlRefusal, expectError, expectJson, expectVerdict } from './expect-answer.ts'
import type { Oracle, OracleEvent, Verdict } from './oracle.ts'
import { showAsOracle, showAsView } from './shown.ts'
import { accountId, claimsOf, type Received, type System } from './system.ts'

type Step<Kind extends Action['kind']> = Extract<Action, { readonly kind: Kind }>

const apiPath = `/api/account/${accountId}`
const sendPath = `${apiPath}/messaging/consumer/conversation/send`
const batchPath = `${apiPath}/messaging/consumer/conversation`
const controlPath = `/__sendbox/accounts/${accountId}`

const propertiesHeader = (features: readonly string[]) => ({
  'Client-Properties': JSON.stringify({ type: '.ClientProperties', features }),
})

/** The error that a call gets before its body counts, if it gets one. Rules: AUTH-6, AUTH-10, AUTH-11, EP-3. */
function refusedAccess(access: Access, oracle: Oracle, system: System): number | undefined {
  if (access === 'noAppJwt') return 40105
  const isExpired = Math.floor(oracle.now / 1000) >= system.appJwt.exp
  if (isExpired || access === 'badAppJwt' || access === 'foreignAppJwt') return 40102
  if (access === 'noConsumerJws') return 40104
  if (access === 'badConsumerJws' || access === 'foreignConsumerJws') return 40103
  return access === 'version' ? 40450 : undefined
}

function callAs(
  system: System,
  { who, access }: { readonly who: number; readonly access: Access },
  path: string,
  json: unknown,
  features: readonly string[] = [],
): Promise<Received> {
  const appJwts: Partial<Record<Access, string>> = {
    noAppJwt: '',
    badAppJwt: `${system.appJwt.token.slice(0, -8)}AAAAAAAA`,
    foreignAppJwt: system.foreignAppJwt,
  }
  const consumerJwss: Partial<Record<Access, string>> = {
    noConsumerJws: '',
    badConsumerJws: 'no token',
    foreignConsumerJws: system.foreignConsumerJws,
  }
  return system.call({
    path: `${path}?v=${access === 'version' ? '3.0' : '3'}`,
    headers: {
      Authorization: appJwts[access] ?? system.appJwt.token,
      'X-LP-ON-BEHALF': consumerJwss[access] ?? system.consumerJws[who] ?? '',
      ...(features.length > 0 && propertiesHeader(features)),
    },
    json,
  })
}

const pick = (oracle: Oracle, index: number) =>
  oracle.conversations.toReversed()[index % (oracle.conversations.length + 1)]

const toText = (message: string): OracleEvent => ({
  type: 'ContentEvent',
  contentType: 'text/plain',
  message,
})

function toEvent(choice: EventChoice, { places }: System): OracleEvent {
  switch (choice.type) {
    case 'text':
      return toText(choice.text)
    case 'card':
      return { type: 'RichContentEvent', content: { type: 'text', text: choice.text } } as never
    case 'file': {
      const relativePath = places[choice.file]?.relativePath ?? '/v1/AUTH_async-images/1/none.PNG'
      const message = { relativePath, fileType: 'PNG' }
      return { type: 'ContentEvent', contentType: 'hosted/file', message }
    }
    case 'chatState':
      return { type: 'ChatStateEvent', chatState: choice.chatState } as never
    case 'receipt':
      return {
        type: 'AcceptStatusEvent',
        status: choice.status,
        sequenceList: choice.numbers,
      } as never
  }
}

const toField = (choice: FieldChoice, dialogIdOf: (name: string) => string) => {
  const { field } = choice
  switch (field) {
    case 'ConversationStateField':
    case 'Stage':
      return { field, conversationState: 'CLOSE' }
    case 'DialogChange':
      return {
        field,
        type: 'UPDATE',
        dialog: { dialogId: dialogIdOf(choice.dialog), state: 'CLOSE' },
      }
    case 'CSATRate':
      return {
        field,
        csatRate: choice.csatRate,
        csatResolutionConfirmation: true,
        status: 'FILLED',
      }
    case 'TTRField':
      return { field, ttrType: 'CUSTOM', value: choice.value }
  }
}

/** The id of a dialog that a step names, whether there is one or not. */
const dialogIdIn = (oracle: Oracle, index: number) => (name: string) => {
  const conversation = pick(oracle, index)
  const other = oracle.conversations.find(({ id }) => id !== conversation?.id)
  return (
    {
      main: conversation?.id,
      survey: conversation?.dialogs[1]?.id,
      elsewhere: other?.id,
    }[name] ?? 'no-such-dialog'
  )
}

/** Takes the survey's id from the mock, and compares the whole conversation. */
async function compare(oracle: Oracle, { server }: System, conversationId: string): Promise<void> {
  const conversation = oracle.find(conversationId)
  const view = await server.account(accountId).conversations.get(conversationId)
  if (conversation === undefined || view === undefined)
    return strictEqual(view, conversation, `${conversationId} is on one side only`)
  for (const [index, dialog] of conversation.dialogs.entries())
    dialog.id ??= view.dialogs[index]?.dialogId
  deepStrictEqual(showAsView(view), showAsOracle(conversation))
}

async function open(step: Step<'open'>, oracle: Oracle, system: System): Promise<void> {
  const { who, access, hasSkill, features, ttr, firstText } = step
  const skillId = hasSkill ? '7' : undefined
  const body = { brandId: accountId, ...(skillId && { skillId }), ...(ttr && { ttrDefName: ttr }) }
  const event = firstText === undefined ? undefined : toText(firstText)
  const batch = [
    { kind: 'req', id: '1,', type: 'userprofile.SetUserProfile', body: {} },
    { kind: 'req', id: 2, type: 'cm.ConsumerRequestConversation', body },
    ...(event ? [{ kind: 'req', id: '3', type: 'ms.PublishEvent', body: { event } }] : []),
  ]
  const received = await callAs(system, step, batchPath, batch, features)
  const refused = refusedAccess(access, oracle, system)
  if (refused) return expectError(received, refused)
  const consumer = system.consumerIds[who] ?? ''
  const way = oracle.beforeOpening(consumer)
  if (way === 'reject') return expectError(received, 40057, '2')
  const answers = received.isLost ? undefined : received.json
  const opened = Array.isArray(answers) ? answers[1]?.body?.conversationId : undefined
  if (way === 'open') {
    strictEqual(oracle.find(String(opened)), undefined, `${opened} was opened twice`)
    oracle.open({ id: String(opened), consumer, skillId, features, ttr })
  }
  const conversationId = way === 'open' ? String(opened) : way.reused
  const verdict: Verdict | undefined =
    event &&
    oracle.publish({ by: consumer, role: 'CONSUMER', dialogId: conversationId, event, features })
  if (verdict && 'error' in verdict) return expectError(received, verdict.error, '3')
  expectJson(received, 200, [
    { code: 'OK', body: { msg: 'OK User Profile set successfully' }, reqId: '1,' },
    { code: 'OK', body: { conversationId }, reqId: '2' },
    ...(verdict ? [{ code: 'OK', body: verdict.body, reqId: '3' }] : []),
  ])
  await compare(oracle, system, conversationId)
}

async function publish(step: Step<'publish'>, oracle: Oracle, system: System): Promise<void> {
  const conversation = pick(oracle, step.conversation)
  const dialogId = dialogIdIn(oracle, step.conversation)(step.dialog)
  const conversationId = step.namesConversation ? (conversation?.id ?? 'none') : undefined
  const event = toEvent(step.event, system)
  const isTagged = step.event.type === 'text' && step.event.isTagged
  const metadata = isTagged ? [{ type: 'ExternalId', id: 'x' }] : undefined
  const request = {
    kind: 'req',
    id: 3,
    type: 'ms.PublishEvent',
    body: { dialogId, event, ...(conversationId && { conversationId }) },
    ...(metadata && { metadata }),
  }
  const { faults } = system.server.account(accountId)
  if (step.ending !== 'none') {
    const action = step.ending === 'status' ? { status: 503 } : { [step.ending]: true }
    faults.add({ match: { operation: 'send' }, action, times: 1 } as never)
  }
  const received = await callAs(system, step, sendPath, request, step.features)
  faults.clear()
  const isKeptOut = step.ending === 'status' || step.ending === 'reset'
  const refused = refusedAccess(step.access, oracle, system)
  const by = system.consumerIds[step.who] ?? ''
  const call = { by, role: 'CONSUMER', dialogId, conversationId, event, metadata }
  const act = (): Verdict =>
    refused ? { error: refused } : oracle.publish({ ...call, features: step.features })
  const first = isKeptOut ? undefined : act()
  const verdict = step.ending === 'applyTwice' ? act() : first
  if (step.ending === 'status') strictEqual(received.isLost || received.status, 503)
  else if (step.ending === 'malformed') strictEqual(received.isLost || received.json, undefined)
  else if (step.ending === 'none' || step.ending === 'applyTwice')
    expectVerdict(received, verdict as Verdict, '3')
  else strictEqual(received.isLost, true, `${step.ending} was answered`)
  if (conversation) await compare(oracle, system, conversation.id)
}

async function update(step: Step<'update'>, oracle: Oracle, system: System): Promise<void> {
  const conversationId = pick(oracle, step.conversation)?.id ?? 'none'
  const dialogIdOf = dialogIdIn(oracle, step.conversation)
  const fields = step.fields.map(field => toField(field, dialogIdOf))
  const received = await callAs(system, step, sendPath, {
    id: 'u',
    type: 'cm.UpdateConversationField',
    body: { conversationId, conversationField: fields.length === 1 ? fields[0] : fields },
  })
  const refused = refusedAccess(step.access, oracle, system)
  if (refused) return expectError(received, refused, 'u')
  const by = system.consumerIds[step.who] ?? ''
  expectVerdict(received, oracle.update(by, conversationId, fields), 'u')
  await compare(oracle, system, conversationId)
}

async function actAsAgent(step: Step<'agent'>, oracle: Oracle, system: System): Promise<void> {
  const conversationId = pick(oracle, step.conversation)?.id ?? 'none'
  const { act, numbers } = step
  const agentId = `agent-${step.agent}`
  const isReceipt = act === 'accept' || act === 'read'
  const received = await system.call({
    path: `${controlPath}/conversations/${conversationId}/agent`,
    json: {
      action: act,
      agentId,
      ...(act === 'say' && { text: 'from the agent' }),
      ...(isReceipt && numbers && { sequenceList: numbers }),
    },
  })
  const verdict = oracle.act({ agentId, conversationId, act, numbers })
  if ('error' in verdict) expectControlRefusal(received, verdict.error)
  else expectJson(received, 200, verdict.body)
  await compare(oracle, system, conversationId)
}

async function setProfile(step: Step<'profile'>, oracle: Oracle, system: System): Promise<void> {
  const request = { id: 'p', type: 'userprofile.SetUserProfile', body: {} }
  const received = await callAs(system, step, sendPath, request)
  const refused = refusedAccess(step.access, oracle, system)
  if (refused) return expectError(received, refused, 'p')
  expectVerdict(received, { body: { msg: 'OK User Profile set successfully' } }, 'p')
}

/** Rules: EP-9, AUTH-3. */
async function renewAppJwt(oracle: Oracle, system: System): Promise<void> {
  const query =
    'v=1.0&grant_type=client_credentials&client_id=sendbox-client&client_secret=sendbox-secret'
  const path = `/sentinel${apiPath}/app/token?${query}`
  const received = await system.call({ path })
  const token = received.isLost ? '' : (received.json as { access_token: string }).access_token
  expectJson(received, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 })
  const exp = Math.floor(oracle.now / 1000) + 3600
  strictEqual(claimsOf(token)['exp'], exp)
  system.appJwt = { token, exp }
}

/** Rules: EP-13, AUTH-4, AUTH-4a. */
async function renewConsumerJws(who: number, oracle: Oracle, system: System): Promise<void> {
  const known = claimsOf(system.consumerJws[who] ?? '')
  const received = await system.call({
    path: `${apiPath}/consumer?v=1.0`,
    headers: { Authorization: system.appJwt.token },
    json: { ext_consumer_id: known['ext_consumer_id'] },
  })
  const refused = refusedAccess('good', oracle, system)
  if (refused) return expectError(received, refused)
  const token = received.isLost ? '' : (received.json as { token: string }).token
  expectJson(received, 201, { token })
  deepStrictEqual(claimsOf(token), known)
  system.consumerJws[who] = token
}

/** Asks for a place, and for its download, both good for 60 s. Rules: URL-1 to URL-3. */
async function askForPlace(who: number, oracle: Oracle, system: System): Promise<void> {
  const refused = refusedAccess('good', oracle, system)
  const ask = async (type: string, body: object) => {
    const received = await callAs(system, { who, access: 'good' }, sendPath, {
      id: 'f',
      type,
      body,
    })
    if (refused) return expectError(received, refused, 'f')
    ok(!received.isLost)
    const answer = received.json as { body: (typeof system.places)[number] }
    const { relativePath, queryParams } = answer.body
    const temp_url_expires = String(Math.floor(oracle.now / 1000) + 60)
    const { temp_url_sig = '' } = queryParams
    expectJson(received, 200, {
      code: 'OK',
      body: { relativePath, queryParams: { temp_url_sig, temp_url_expires } },
      reqId: 'f',
    })
    return answer.body
  }
  const place = await ask('ms.GenerateURLForUploadFile', { fileSize: '3', fileType: 'PNG' })
  if (!place) return
  const { relativePath } = place
  const download = await ask('ms.GenerateURLForDownloadFile', { relativePath })
  system.places.push(place)
  if (download) system.downloads.push(download)
}

/** Rules: EP-15, EP-16. */
async function moveFile(step: Step<'upload' | 'download'>, oracle: Oracle, system: System) {
  const isUpload = step.kind === 'upload'
  const places = isUpload ? system.places : system.downloads
  const place = places[step.file % (places.length + 1)]
  if (place === undefined) return
  const { relativePath, queryParams } = place
  const signature = step.isForged ? 'f'.repeat(40) : (queryParams['temp_url_sig'] ?? '')
  const query = new URLSearchParams({ ...queryParams, temp_url_sig: signature }).toString()
  const path = `${relativePath}?${query}`
  const received = await system.call({
    method: isUpload ? 'PUT' : 'GET',
    path,
    ...(isUpload && { bytes: 'abc' }),
  })
  const isOver = oracle.now / 1000 >= Number(queryParams['temp_url_expires'])
  if (isOver || step.isForged) return expectError(received, 40151)
  if (isUpload) oracle.uploaded.add(relativePath)
  if (!oracle.uploaded.has(relativePath)) return expectError(received, 40454)
  const text = received.isLost ? undefined : received.text
  strictEqual(received.isLost || received.status, isUpload ? 201 : 200)
  strictEqual(text, isUpload ? '' : 'abc')
}

/** Compares all conversations, those that the step did not name as well. */
export async function compareAll(oracle: Oracle, system: System): Promise<void> {
  const views = await system.server.account(accountId).conversations.list()
  deepStrictEqual(
    views.map(({ conversationId }) => conversationId),
    oracle.conversations.map(({ id }) => id).toReversed(),
  )
  for (const { id } of oracle.conversations) await compare(oracle, system, id)
}

/** Starts the mock again, and compares all that must survive. */
async function restart({ way }: Step<'restart'>, oracle: Oracle, system: System): Promise<void> {
  await system.restart(way)
  await compareAll(oracle, system)
  const { files } = await system.server.account(accountId).snapshot()
  deepStrictEqual(
    files.map(({ relativePath }) => relativePath).toSorted(),
    [...oracle.uploaded].toSorted(),
  )
}

/** Does one step on both sides, and throws where they differ. */
export async function perform(action: Action, oracle: Oracle, system: System): Promise<void> {
  switch (action.kind) {
    case 'open':
      return open(action, oracle, system)
    case 'publish':
      return publish(action, oracle, system)
    case 'update':
      return update(action, oracle, system)
    case 'agent':
      return actAsAgent(action, oracle, system)
    case 'profile':
      return setProfile(action, oracle, system)
    case 'appJwt':
      return renewAppJwt(oracle, system)
    case 'consumerJws':
      return renewConsumerJws(action.who, oracle, system)
    case 'uploadUrl':
      return askForPlace(action.who, oracle, system)
    case 'upload':
    case 'download':
      return moveFile(action, oracle, system)
    case 'advance': {
      const received = await system.call({
        method: 'PUT',
        path: `${controlPath}/clock`,
        json: { advanceMs: action.ms },
      })
      oracle.now += action.ms
      const { now, frozen } = (received.isLost ? {} : received.json) as Record<string, unknown>
      return expectJson({ ...received, json: { now, frozen } } as Received, 200, {
        now: oracle.now,
        frozen: false,
      })
    }
    case 'reset':
      await system.server.reset()
      oracle.reset()
      return compareAll(oracle, system)
    case 'restart':
      return restart(action, oracle, system)
  }
}
