import { rules } from '@sendbox/schema'
import { expect, onTestFinished, test, vi } from 'vitest'
import { runToEnd } from '../../command-terminal.ts'

test('lists every rule on a line that fits', async () => {
  const { code, stdout } = await runToEnd(['rules'])
  const lines = stdout.trimEnd().split('\n')
  expect(code).toBe(0)
  expect(lines.map(line => line.split(' ')[0])).toEqual(rules.map(({ id }) => id))
  expect(Math.max(...lines.map(({ length }) => length))).toBe(100)
})

test('writes no colours to a pipe, also where they are asked for', async () => {
  vi.stubEnv('FORCE_COLOR', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
  const { stdout } = await runToEnd(['rules', 'SEQ-1'])
  expect(stdout).toMatch(/^SEQ-1 {2}documented /)
})

test('shows one rule with its source and both sides of its contradiction', async () => {
  const { stdout } = await runToEnd(['rules', 'auth-7'])
  const rule = rules.find(({ id }) => id === 'AUTH-7')
  expect(stdout).toContain(`AUTH-7  documented (`)
  expect(stdout).toContain('  The public material contradicts itself:\n  - ')
  expect(stdout).toContain(`  ${rule?.text}\n`)
  expect(stdout).toContain('  Setting: missingAppJwtErrorCode\n')
})

test('finds the parts of a row, and all of a kind, but no longer number', async () => {
  const idsOf = async (...argv: string[]): Promise<string[]> => {
    const { stdout } = await runToEnd(['rules', '--json', ...argv])
    return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)
  }
  expect(await idsOf('EP-3')).toEqual(['EP-3.1', 'EP-3.2'])
  expect(await idsOf('EP-1')).toEqual(['EP-1'])
  expect(await idsOf('CS')).toEqual(['CS-1', 'CS-2', 'CS-3'])
  expect(await idsOf('CS', '--evidence', 'own')).toEqual(['CS-1', 'CS-3'])
})

test('lists by evidence', async () => {
  const { stdout } = await runToEnd(['rules', '--json', '--evidence', 'tolerated', 'own'])
  const wanted = rules.filter(({ evidence }) => ['tolerated', 'own'].includes(evidence))
  expect(JSON.parse(stdout)).toEqual(wanted)
})

test('names the nearest rule where one is unknown', async () => {
  expect(await runToEnd(['rules', 'SEQ-1', 'PUBB-1.1', 'XYZ'])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'there is no rule "PUBB-1.1" (did you mean PUB-1.1?)\nthere is no rule "XYZ" (npx --no -- sendbox rules lists them)\n',
  })
})
