import { expect, test } from 'vitest'
import { runToEnd } from '../../command-terminal.ts'
import { toCommandPage } from './page.ts'

test('docs/command.md is what `npx vitest -u` writes from the options and the help: run it, and commit what it changed', async () => {
  const helps: Record<string, string> = {}
  for (const command of [
    'start',
    'run',
    'env',
    'tail',
    'open',
    'send',
    'token',
    'curl',
    'init',
    'settings',
    'schema',
    'rules',
    'check',
    'ca',
  ])
    helps[`sendbox ${command}`] = (await runToEnd([command, '--help'])).stdout
  await expect(toCommandPage(helps)).toMatchFileSnapshot('../../../../../docs/command.md')
})
