/**
 * Reads a body whole. It stops once more than `maxBytes` came, and gives what it has, which is then
 * longer than allowed.
 */
export async function readWebhookBody(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array> {
  const read: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    read.push(chunk)
    size += chunk.byteLength
    if (size > maxBytes) break
  }
  return Buffer.concat(read)
}
