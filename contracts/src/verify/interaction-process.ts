// A child process of a verification: the verifier prints to file descriptor 1, and may throw from a native thread.
import { writeSync } from 'node:fs'
import { Verifier } from '@pact-foundation/pact'
import { endOfInteraction, type InteractionOrder } from './interaction-verifier.ts'

async function verify({ pactFile, url, statesUrl }: InteractionOrder): Promise<'ok' | 'failed'> {
  try {
    await new Verifier({
      provider: 'send-api',
      providerBaseUrl: url,
      providerStatesSetupUrl: statesUrl,
      pactUrls: [pactFile],
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
