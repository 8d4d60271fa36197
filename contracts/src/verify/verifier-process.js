// The child process of a pact verifier: receives verification requests, prints the verifier's output and a verdict. Written in
// JavaScript, so that Node runs the same file from source and from the package.
import { writeSync } from 'node:fs'
import { Verifier } from '@pact-foundation/pact'

const [, , endOfOutput] = process.argv

/**
 * Pact's proxy parses a form and forwards it as JSON, under the form's content type.
 * @type {NonNullable<import('@pact-foundation/pact').VerifierOptions['requestFilter']>}
 */
const requestFilter = (request, _, next) => {
  const { headers, body } = request
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  if (isForm && !Buffer.isBuffer(body)) {
    const form = new URLSearchParams(body).toString()
    request.body = Buffer.from(form)
    headers['content-length'] = String(Buffer.byteLength(form))
  }
  next()
}

/**
 * @param {string} url
 * @param {string} description
 */
async function requestMessage(url, description) {
  const response = await fetch(url, { method: 'POST', body: description })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

/**
 * @param {import('./pact-verifier.ts').VerificationRequest} request
 * @returns {Promise<import('./pact-verifier.ts').Verdict>}
 */
async function verify({ pactFile, url, statesUrl, messagesUrl, messages }) {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: url,
      providerStatesSetupUrl: statesUrl,
      providerStatesSetupTeardown: true,
      pactUrls: [pactFile],
      messageProviders: Object.fromEntries(
        messages.map(description => [description, () => requestMessage(messagesUrl, description)]),
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

process.on('message', (/** @type {import('./pact-verifier.ts').VerificationRequest} */ message) => {
  void verify(message).then(verdict => writeSync(1, `\n${endOfOutput}${JSON.stringify(verdict)}\n`))
})
