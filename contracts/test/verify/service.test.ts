import { fileURLToPath } from 'node:url'
import { Agent } from 'undici'
import { afterAll, expect, test, vi } from 'vitest'
import { standInCertificate, startStandIn, type WrongWay } from '../../../test/stand-in/start.ts'
import { standInClient } from '../../../test/stand-in/tokens.ts'
import { wrongSigns } from '../../../test/stand-in/wrong-signs.ts'
import { readInteractions } from '../../src/pact/pact-file.ts'
import { readTraces } from '../../src/traces/trace.ts'
import { createPactVerifier } from '../../src/verify/pact-verifier.ts'
import { runVerification } from '../../src/verify/run-verification.ts'
import { isGood } from '../../src/verify/verify-result.ts'

const pactFile = fileURLToPath(new URL('../../pacts/sendbox-client-send-api.json', import.meta.url))
const traces = await readTraces()
const interactions = await readInteractions(pactFile)
const verifier = createPactVerifier()
const dispatcher = new Agent({ connect: { ca: standInCertificate } })

afterAll(async () => {
  await verifier[Symbol.asyncDispose]()
  await dispatcher.close()
})
vi.setConfig({ testTimeout: 90_000 })

test.each(Object.keys(wrongSigns) as WrongWay[])(
  'a service that is wrong in one way, %s, is found out',
  async way => {
    await using standIn = await startStandIn([way])
    const target = { ...standInClient, domainApiUrl: standIn.url, dispatcher }
    const result = await runVerification({ target, traces, interactions, verifier })
    const problems = result.items.flatMap(({ failure }) => failure?.problems ?? [])
    expect([isGood(result), problems.length > 0]).toEqual([false, true])
    expect(problems.filter(problem => !wrongSigns[way].test(problem))).toEqual([])
  },
)
