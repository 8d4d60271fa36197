import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Result } from '@sendbox/schema'
import { listAccountIds } from '../../lifecycle/accounts.ts'
import type { Logger } from '../../logger.ts'
import { checkInput, toLines } from '../../parse-input.ts'
import { loadScenario } from '../../scenario/load-scenario.ts'
import { ScenarioSchema } from '../../scenario/scenario-schema.ts'
import { exampleAccountId, type Services } from '../../services.ts'
import { explainReadError, parseJson } from '../read-json.ts'
import { CommandError } from '../terminal.ts'

/** Parses YAML, or returns in one line why and where it is invalid; that quotes nothing, as the text may hold secrets. */
async function parseYaml(text: string): Promise<Result<unknown, string>> {
  const { LineCounter, parseDocument } = await import('yaml')
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [error] = document.errors
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0])
    return { ok: false, refusal: `${error.code} in line ${line}, column ${col}` }
  }
  try {
    return { ok: true, value: document.toJS() as unknown }
  } catch (tooManyAliases) {
    return { ok: false, refusal: String(tooManyAliases) }
  }
}

async function readScenarioFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CommandError(`Cannot read the scenario ${file}: ${explainReadError(error)}`)
  })
  const isJson = path.extname(file).toLowerCase() === '.json'
  const parsed = isJson ? parseJson(text) : await parseYaml(text)
  if (parsed.ok) return parsed.value
  const format = isJson ? 'JSON' : 'YAML'
  throw new CommandError(`The scenario ${file} is not valid ${format}: ${parsed.refusal}`)
}

/**
 * Loads a scenario file into its account, and returns the account's id; an account that the data folder has stays as it is. Throws a
 * `CommandError` that lists all problems.
 */
export async function openScenario(file: string, services: Services, log: Logger): Promise<string> {
  const parsed = checkInput(ScenarioSchema, await readScenarioFile(file))
  const fail = (problems: Parameters<typeof toLines>[0]): never => {
    throw new CommandError(`The scenario ${file} is not valid:${toLines(problems)}`)
  }
  if (!parsed.ok) return fail(parsed.refusal)
  const { accountId = exampleAccountId } = parsed.value
  if ((await listAccountIds(services)).includes(accountId)) {
    log.warn(
      { accountId, scenario: file },
      'the data folder has this account: it stays as it is, and the scenario is not loaded; reset the account, or choose an empty folder',
    )
    return accountId
  }
  const problems = await loadScenario(parsed.value, accountId, services)
  return problems.length > 0 ? fail(problems) : accountId
}
