import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { fenceOf } from '../docs/fence-of.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'
import { runContractsCommand } from './contracts-command.ts'
import { startStandIn } from './start.ts'

const example = fileURLToPath(new URL('../../contracts/examples/foreign-pacts/', import.meta.url))
const pacts = [
  join(example, 'pacts/whatsapp-bridge-send-api.json'),
  join(example, 'pacts/ivr-bridge-send-api.json'),
]
const wrongPact = join(example, 'wrong/chat-widget-send-api.json')

test('pacts that are not ours are verified against the mock, literal ids, placeholders and all', async () => {
  await using folder = await createTemporaryFolder()
  const args = ['verify', '--target', 'mock', '--pact', ...pacts]
  expect(await runContractsCommand(folder.path, args)).toEqual({
    exitCode: 0,
    output: `passed    pact whatsapp-bridge → send-api: a text of the consumer
passed    pact whatsapp-bridge → send-api: a text after the conversation was closed
passed    pact whatsapp-bridge → send-api: a text without a consumer's token
passed    pact ivr-bridge → send-api: a receipt for two texts
passed    pact ivr-bridge → send-api: a text with a broken AppJWT

The contracts hold. mock: 5 passed, 0 failed, 0 left out.
`,
  })
})

test('a pact with a wrong expectation fails with a message that names the rule, as the README shows it', async () => {
  await using folder = await createTemporaryFolder()
  const args = ['verify', '--target', 'mock', '--pact', wrongPact, '--report', 'junit=report.xml']
  const { exitCode, output } = await runContractsCommand(folder.path, args)
  const fence = await fenceOf('text', 'contracts/examples/foreign-pacts/README.md')
  expect(fence).toMatch(/\(EP-1, .*, SEQ-1\)\n.*Expected 0 \(Integer\) to be equal to 1/)
  expect([exitCode, output.slice(0, fence.length)]).toEqual([1, fence])
  const report = await readFile(join(folder.path, 'report.xml'), 'utf8')
  expect(report).toContain(
    '<failure message="$.body.sequence -&gt; Expected 0 (Integer) to be equal to 1 (Integer)">',
  )
})

test('their ids and account stand for those of another service too', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const args = ['verify', '--yes', '--target', standIn.url, '--pact', ...pacts]
  const { exitCode, output } = await runContractsCommand(folder.path, args)
  expect(output).toContain('5 passed, 0 failed, 0 left out.')
  expect(exitCode).toBe(0)
  expect([...standIn.conversations.values()].filter(({ isOpen }) => isOpen)).toEqual([])
})

test('a state that no consumer can bring about is left out at a service, so that nothing is verified, and unknown at the mock', async () => {
  await using standIn = await startStandIn()
  await using folder = await createTemporaryFolder()
  const text = await readFile(wrongPact, 'utf8')
  const pact = join(folder.path, 'weather.json')
  await writeFile(pact, text.replace('the consumer has an open conversation', 'the sun shines'))
  const atService = ['verify', '--yes', '--target', standIn.url, '--pact', pact]
  const left = await runContractsCommand(folder.path, atService)
  expect(left.output).toContain('Nothing was verified.')
  expect([left.exitCode, left.output]).toEqual([
    1,
    expect.stringContaining(
      'left out  pact chat-widget → send-api: the first text counts from one: calls of a consumer do not bring about "the sun shines"\n',
    ),
  ])
  const failed = await runContractsCommand(folder.path, [
    'verify',
    '--target',
    'mock',
    '--pact',
    pact,
  ])
  expect([failed.exitCode, failed.output]).toEqual([
    1,
    expect.stringContaining(
      'Provider state "the sun shines" failed: The mock has no provider state "the sun shines". It has: the consumer has an open conversation;',
    ),
  ])
  expect(failed.output.match(/the sun shines/g)).toHaveLength(2)
})
