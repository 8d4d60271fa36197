import { expect, test } from 'vitest'
import { runToEnd } from '../../command-terminal.ts'

test.each([
  ['sendbox', []],
  ['start', ['start', '--help']],
  ['send', ['send', '--help']],
  ['token', ['help', 'token']],
  ['curl', ['help', 'curl']],
  ['init', ['help', 'init']],
  ['settings', ['help', 'settings']],
  ['schema', ['schema', '--help']],
  ['rules', ['help', 'rules']],
  ['check', ['help', 'check']],
  ['run', ['help', 'run']],
  ['env', ['help', 'env']],
  ['tail', ['help', 'tail']],
  ['open', ['help', 'open']],
  ['ca', ['help', 'ca']],
])('the help of %s is what is written down', async (name, argv) => {
  const { code, stdout, stderr } = await runToEnd(argv)
  expect([code, stderr]).toEqual([0, ''])
  await expect(stdout).toMatchFileSnapshot(`./golden/help-${name}.txt`)
})

test.each([
  [['strat'], "error: unknown command 'strat'\n(Did you mean start?)\n"],
  [['start', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\n"],
  [['start', '--port'], "error: option '-p, --port <number>' argument missing\n"],
  [['start', 'now'], "error: too many arguments for 'start'. Expected 0 arguments but got 1.\n"],
  [
    ['rules', '--evidence', 'none'],
    "error: option '--evidence <level...>' argument 'none' is invalid. Allowed choices are documented, recorded, tolerated, assumed, own.\n",
  ],
  [
    ['schema', 'SendRequest', '--openapi'],
    'error: --openapi prints the whole document: leave the name out\n',
  ],
])('a command line that is none, %j, ends with 2', async (argv, stderr) => {
  expect(await runToEnd(argv)).toEqual({ code: 2, stdout: '', stderr })
})

test('--version prints the version of the package', async () => {
  const { stdout } = await runToEnd(['--version'])
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})
