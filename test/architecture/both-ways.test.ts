import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createClient } from '@sendbox/client'
import { startMockServer } from '@sendbox/mock-server'
import { describe, expect, test } from 'vitest'

/** A mock that is known by its URL alone. */
interface RunningMock extends AsyncDisposable {
  readonly url: string
}

async function startInProcess(): Promise<RunningMock> {
  const server = await startMockServer()
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() }
}

async function startCommand(): Promise<RunningMock> {
  const child = spawn(process.execPath, ['scripts/start.js', '--port', '0'], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout) {
    output += String(chunk)
    if (output.includes('Ctrl-C stops it.')) break
  }
  const url = /listens on (http:\/\/\S+)/.exec(output)?.[1]
  if (url === undefined) throw new Error(`The command ended before it listened:\n${output}`)
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

const accountId = '24681012'

const connect = ({ url }: RunningMock) =>
  createClient({
    accountId,
    clientId: 'sendbox-client',
    clientSecret: 'sendbox-secret',
    domainApiUrl: url,
  })

/** Calls the control API of the account. */
async function control(
  { url }: RunningMock,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${url}/__sendbox/accounts/${accountId}/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return response.json()
}

describe.each([
  ['in process', startInProcess],
  ['as the command', startCommand],
])('the mock %s', (_, start) => {
  test('carries a conversation of consumer and agent to its end', async () => {
    await using mock = await start()
    await using client = connect(mock)
    const conversation = await client.consumer('zoe').openConversation({ skillId: '7' })
    const path = `conversations/${conversation.conversationId}`
    expect(await conversation.sendText('hello')).toEqual({ sequence: 0 })
    const answer = await control(mock, 'POST', `${path}/agent`, { action: 'say', text: 'hi' })
    expect(answer).toEqual({ sequence: 1 })
    expect(await conversation.accept([1])).toEqual({ sequence: 2 })
    await conversation.setChatState('COMPOSING')
    expect(await control(mock, 'GET', path)).toMatchObject({
      state: 'OPEN',
      dialogs: [{ nextSequence: 3, chatStates: [{ chatState: 'COMPOSING' }, {}] }],
    })
    await conversation.close()
    await expect(conversation.sendText('late')).rejects.toMatchObject({ errorCode: 40054 })
    expect(await control(mock, 'GET', path)).toMatchObject({ state: 'CLOSE', stage: 'CLOSE' })
  })

  test('takes a rating after a survey that the agent started', async () => {
    await using mock = await start()
    await using client = connect(mock)
    const { conversationId } = await client.consumer('zoe').openConversation()
    const path = `conversations/${conversationId}`
    await control(mock, 'POST', `${path}/agent`, { action: 'startSurvey' })
    const { dialogs } = (await control(mock, 'GET', path)) as { dialogs: { dialogId: string }[] }
    const survey = client.conversation(dialogs[1]?.dialogId ?? '', { consumer: 'zoe' })
    expect(await survey.sendText('5')).toEqual({ sequence: 0 })
    await client.conversation(conversationId, { consumer: 'zoe' }).close()
    const rating = {
      field: 'CSATRate',
      csatRate: 5,
      csatResolutionConfirmation: true,
      status: 'FILLED',
    } as const
    const body = { conversationId, conversationField: rating }
    const request = { type: 'cm.UpdateConversationField', body } as const
    expect((await client.send(request, { consumer: 'zoe' })).body).toEqual({ msg: 'OK' })
    expect(await control(mock, 'GET', path)).toMatchObject({ csat: { csatRate: 5 } })
  })

  test('keeps a file that is uploaded, and lets its URL expire with the clock', async () => {
    await using mock = await start()
    await using client = connect(mock)
    const asked = { fileSize: 3, fileType: 'PNG' }
    const place = await client.send(
      { type: 'ms.GenerateURLForUploadFile', body: asked },
      { consumer: 'zoe' },
    )
    const { relativePath, queryParams } = place.body
    const search = new URLSearchParams(queryParams).toString()
    const upload = () =>
      fetch(`${mock.url}${relativePath}?${search}`, { method: 'PUT', body: 'abc' })
    expect((await upload()).status).toBe(201)
    const download = await client.send(
      { type: 'ms.GenerateURLForDownloadFile', body: { relativePath } },
      { consumer: 'zoe' },
    )
    const query = new URLSearchParams(download.body.queryParams).toString()
    expect(await (await fetch(`${mock.url}${relativePath}?${query}`)).text()).toBe('abc')
    await control(mock, 'PUT', 'clock', { freeze: true, advanceMs: 60_000 })
    expect((await upload()).status).toBe(401)
  })
})
