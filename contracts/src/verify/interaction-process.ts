// A child process of a verification: the verifier prints to file descriptor 1, and may throw from a native thread.
import { writeSync } from 'node:fs'
import { Verifier, type VerifierOptions } from '@pact-foundation/pact'
import { endOfInteraction, type InteractionOrder } from './interaction-verifier.ts'

/** Pact's verifier reads a form and sends it on as JSON, under the form's content type. */
const requestFilter: NonNullable<VerifierOptions['requestFilter']> = (request, _, next) => {
  const { headers, body } = request
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  if (isForm && !Buffer.isBuffer(body)) {
    const form = new URLSearchParams(body as Record<string, string>).toString()
    request.body = Buffer.from(form)
    headers['content-length'] = String(Buffer.byteLength(form))
  }
  next()
}

async function verify({ pactFile, url, statesUrl }: InteractionOrder): Promise<'ok' | 'failed'> {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: url,
      providerStatesSetupUrl: statesUrl,
      pactUrls: [pactFile],
      requestFilter,
      timeout: 30_000,
      logLevel: 'error',
    }).verifyProvider()
    return 'ok'
  } catch {
    return 'failed'
  }
}

process.on('message', message => {
  void verify(message as InteractionOrder).then(verdict =>
    writeSync(1, `\n${endOfInteraction}${verdict}\n`),
  )
})
