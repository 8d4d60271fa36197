// The child process of a pact verifier: receives verification requests, prints the verifier's output and a verdict.
import { writeSync } from 'node:fs'
import { Verifier, type VerifierOptions } from '@pact-foundation/pact'
import { endOfOutput, type Verdict, type VerificationRequest } from './pact-verifier.ts'

/** Pact's proxy parses a form and forwards it as JSON, under the form's content type. */
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

async function requestMessage(url: string, description: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: description })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

async function verify({
  pactFile,
  url,
  statesUrl,
  messagesUrl,
  messages,
}: VerificationRequest): Promise<Verdict> {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: url,
      providerStatesSetupUrl: statesUrl,
      providerStatesSetupTeardown: true,
      pactUrls: [pactFile],
      messageProviders: Object.fromEntries(
        messages.map(description => [
          description,
          async () => (await requestMessage(messagesUrl, description)) as never,
        ]),
      ),
      requestFilter,
      timeout: 30_000,
      logLevel: 'error',
    }).verifyProvider()
    return { verdict: 'ok' }
  } catch (error) {
    return { verdict: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

process.on('message', message => {
  void verify(message as VerificationRequest).then(verdict =>
    writeSync(1, `\n${endOfOutput}${JSON.stringify(verdict)}\n`),
  )
})
