import { MatchersV3 } from '@pact-foundation/pact'
import { expect, test } from 'vitest'
import { interactions } from '../../src/pact/interactions.ts'
import { placeholders } from '../../src/pact/placeholders.ts'
import { pactConsumerId, providerStates } from '../../src/pact/states.ts'
import {
  exampleConversationId,
  exampleExpires,
  exampleRelativePath,
  exchange,
  relativePath,
} from './exchange.ts'
import { converse, toAnswer, toRefusal, toRequest } from './send-exchange.ts'

const { like, regex } = MatchersV3

const consumer = pactConsumerId
/** The text of a picture. */
const file = 'a file'
const bytes = Buffer.from(file)
const fileType = 'PNG'
const queryParams = {
  temp_url_sig: regex('^[0-9a-f]{40}$', placeholders.fileSignature),
  temp_url_expires: regex('^\\d+$', exampleExpires),
}
const fileUrl = {
  relativePath: exampleRelativePath,
  queryParams: { temp_url_sig: placeholders.fileSignature, temp_url_expires: exampleExpires },
}

test('the client is told where to put a file [URL-1]', async () => {
  expect.assertions(1)
  const body = { fileSize: 6, fileType }
  const pattern = '^/v1/AUTH_async-images/12345678/[0-9a-f]{64}_uuid_.+\\.PNG$'
  await converse(
    {
      interaction: interactions.askForUpload,
      request: toRequest('ms.GenerateURLForUploadFile', body),
      response: toAnswer({ relativePath: regex(pattern, exampleRelativePath), queryParams }),
    },
    async (_, client) => {
      const request = { kind: 'req', type: 'ms.GenerateURLForUploadFile', body } as const
      expect((await client.send(request, { consumer })).body).toEqual(fileUrl)
    },
  )
})

test('the client is told how to fetch a file [URL-2]', async () => {
  expect.assertions(1)
  await converse(
    {
      interaction: interactions.askForDownload,
      states: [{ state: providerStates.uploadedFile }],
      request: toRequest('ms.GenerateURLForDownloadFile', { relativePath }),
      response: toAnswer({ relativePath: like(exampleRelativePath), queryParams }),
    },
    async (_, client) => {
      const body = { relativePath: exampleRelativePath }
      const request = { kind: 'req', type: 'ms.GenerateURLForDownloadFile', body } as const
      expect((await client.send(request, { consumer })).body).toEqual(fileUrl)
    },
  )
})

test('a file is uploaded to its place [EP-15]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.upload,
      operation: 'upload',
      path: exampleRelativePath,
      request: file,
      status: 201,
    },
    async client => {
      const { sendFile } = client.conversation(exampleConversationId, { consumer })
      expect(await sendFile(bytes, { fileType })).toEqual({
        sequence: 0,
        relativePath: exampleRelativePath,
        fileType,
      })
    },
  )
})

test('an upload with a bad signature is refused, and nothing is published [EP-15]', async () => {
  expect.assertions(2)
  await exchange(
    {
      interaction: interactions.uploadWithBrokenSignature,
      operation: 'upload',
      fileSignature: placeholders.brokenFileSignature,
      path: exampleRelativePath,
      request: file,
      status: 401,
      response: toRefusal(401, 40151, { title: 'Unauthorized', details: 'Temp URL invalid' }),
    },
    async (client, stub) => {
      const { sendFile } = client.conversation(exampleConversationId, { consumer })
      await expect(sendFile(bytes, { fileType })).rejects.toMatchObject({
        code: 'API_ERROR',
        status: 401,
      })
      expect(stub.calls['send']).toBe(1)
    },
  )
})

test('a file is downloaded from its place [EP-15]', async () => {
  expect.assertions(1)
  await exchange(
    {
      interaction: interactions.download,
      operation: 'download',
      states: [{ state: providerStates.uploadedFile }],
      path: relativePath,
      status: 200,
      response: file,
    },
    async client => {
      const { downloadFile } = client.conversation(exampleConversationId, { consumer })
      expect(await downloadFile(exampleRelativePath)).toEqual(bytes)
    },
  )
})
