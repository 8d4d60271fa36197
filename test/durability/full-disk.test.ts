import { type ErrorResponse, operations, toPath } from '@sendbox/schema'
import { expect, test } from 'vitest'
import { createDataFolder } from './data-folder.ts'
import { createCaller, openTalk, type Talk } from './load.ts'
import { startLimited, startMock } from './start-mock.ts'

/** Where there is a shell that limits the length of files: that is a disk which is full, to the mock. */
const cannotLimit = process.platform === 'win32' ? 'it needs a shell with ulimit' : false

/** The database begins with less than this, and a file of this size does not fit into it. */
const fileBlocks = 1500

const target = `${toPath(operations.send.path, { accountId: '1' })}?v=3`

const toText = ({ conversationId: dialogId }: Talk, message: string): unknown => ({
  kind: 'req',
  id: '1',
  type: 'ms.PublishEvent',
  body: { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message } },
})

test('a send that no longer fits on the disk is not acknowledged, and the mock goes on', async ({
  skip,
}) => {
  skip(cannotLimit !== false, String(cannotLimit))
  const folder = await createDataFolder()
  const messages: string[] = []
  let conversationId = ''
  {
    await using mock = await startLimited({ fileBlocks }, '--data', folder)
    const caller = createCaller(mock.url, 1)
    const talk = await openTalk(caller, '1', 'zoe')
    conversationId = talk.conversationId
    const say = (message: string) =>
      caller.call('POST', target, toText(talk, message), talk.headers)
    const read = async (): Promise<string[]> => {
      const { json } = await caller.call(
        'GET',
        `/__sendbox/accounts/1/conversations/${conversationId}`,
      )
      const [dialog] = (
        json as {
          readonly dialogs: readonly {
            readonly transcript: readonly { readonly event: { readonly message: string } }[]
          }[]
        }
      ).dialogs
      return dialog?.transcript.map(({ event }) => event.message) ?? []
    }
    let refused: unknown
    for (let turn = 0; turn < 1000 && refused === undefined; turn += 1) {
      const message = `${turn} ${'x'.repeat(20_000)}`
      const { status, json } = await say(message)
      if (status === 200) messages.push(message)
      else refused = json
    }
    expect((refused as ErrorResponse).body).toMatchObject({
      errorCode: 50050,
      details: expect.stringContaining(
        `The data folder ${folder} cannot be written to (Error: Input/output error): nothing of this call is kept; make room there, then repeat it`,
      ),
    })
    expect(messages.length).toBeGreaterThan(1)
    expect(await read()).toEqual(messages)
    const { status } = await caller.call('GET', '/__sendbox/health')
    expect(status).toBe(200)
    await caller.destroy()
  }
  await using again = await startMock('--data', folder)
  const caller = createCaller(again.url, 1)
  const { json } = await caller.call('GET', `/__sendbox/accounts/1/conversations/${conversationId}`)
  expect(json).toMatchObject({
    dialogs: [{ transcript: messages.map(message => ({ event: { message } })) }],
  })
  await caller.destroy()
}, 60_000)
