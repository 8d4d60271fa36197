import { type FileUrl, GenerateUrlResponseSchema, operations, toPath } from '@sendbox/schema'
import { request as send } from 'undici'
import type { FileUrlRequest } from './placeholders.ts'

/** Where SEND is, and as whom it is called. */
interface FileUrlService {
  readonly url: string
  readonly accountId: string
  readonly tokens: { readonly appJwt: string; readonly consumerJws: string }
}

/** Asks a service where a file may be put, or fetched from; rejects where it refuses. Rules: URL-1, URL-2, URL-3. */
export async function askFileUrl(
  { url, accountId, tokens }: FileUrlService,
  request: FileUrlRequest,
): Promise<FileUrl> {
  const { method, path, query, contentType } = operations.send
  const search = new URLSearchParams(query).toString()
  const answer = await send(`${url}${toPath(path, { accountId })}?${search}`, {
    method,
    headers: {
      authorization: tokens.appJwt,
      'x-lp-on-behalf': tokens.consumerJws,
      'content-type': contentType,
    },
    body: JSON.stringify({ kind: 'req', id: '1', ...request }),
  })
  return GenerateUrlResponseSchema.parse(await answer.body.json()).body
}
