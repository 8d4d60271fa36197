import type { FileUrl } from '@sendbox/schema'
import { call } from './calls.ts'
import { send } from './requests.ts'
import type { Request } from './row.ts'
import type { World } from './world.ts'

/** Asks for a URL; the row speaks of its file from then on. */
const ask =
  (type: 'Upload' | 'Download', toBody: (world: World) => object): Request =>
  async world => {
    const answer = await send({ type: `ms.GenerateURLFor${type}File`, body: toBody(world) })(world)
    const { body } = (answer.json ?? {}) as { body?: FileUrl }
    if (body?.relativePath !== undefined) world.memory.file = body
    return answer
  }

export const askUpload = (body: object = {}): Request =>
  ask('Upload', () => ({ fileSize: 4, fileType: 'PNG', ...body }))

export const askDownload: Request = ask('Download', ({ memory }) => ({
  relativePath: memory.file?.relativePath,
}))

/** How a call on the storage differs from the URL that was asked for. */
interface StorageOptions {
  readonly change?: (url: string) => string
  readonly headers?: Readonly<Record<string, string>>
}

const onFile =
  (method: 'PUT' | 'GET' | 'OPTIONS', raw: string | Uint8Array<ArrayBuffer> | undefined) =>
  ({ change = url => url, headers = {} }: StorageOptions = {}): Request =>
  world => {
    const { relativePath = '', queryParams } = world.memory.file ?? {}
    const url = `${relativePath}?${new URLSearchParams(queryParams).toString()}`
    const none = {
      Authorization: undefined,
      'X-LP-ON-BEHALF': undefined,
      'Content-Type': undefined,
    }
    return call({
      method,
      path: change(url),
      query: '',
      headers: { ...none, ...headers },
      ...(raw && { raw }),
    })(world)
  }

/** Uploads bytes to the row's file. */
export const upload = (
  bytes: string | Uint8Array<ArrayBuffer>,
  options?: StorageOptions,
): Request => onFile('PUT', bytes)(options)

/** Asks as a browser does whether a page may upload the row's file. */
export const preflightUpload: Request = onFile(
  'OPTIONS',
  undefined,
)({
  headers: {
    Origin: 'https://connector.example',
    'Access-Control-Request-Method': 'PUT',
    'Access-Control-Request-Headers': 'content-type',
  },
})

/** Downloads the row's file. */
export const download = (options?: StorageOptions): Request => onFile('GET', undefined)(options)

/** Publishes the row's file as a message. */
export const publishFile =
  (fileType = 'PNG'): Request =>
  world =>
    send({
      type: 'ms.PublishEvent',
      body: {
        dialogId: world.memory.conversationId,
        event: {
          type: 'ContentEvent',
          contentType: 'hosted/file',
          message: { relativePath: world.memory.file?.relativePath, fileType },
        },
      },
    })(world)
