import type { FolderReading } from '../../persistence/check-folder.ts'
import { DataError } from '../../persistence/data-error.ts'
import { type AddCommand, examplesOf } from '../command.ts'
import { CommandError } from '../terminal.ts'

function toText(folder: string, { counts, problems, problemCount }: FolderReading): string {
  const { accounts, conversations, entries, files, deliveries } = counts
  const more = problemCount - problems.length
  const lines = [
    `${accounts} accounts, ${conversations} conversations with ${entries} entries, ${files} files, ${deliveries} webhooks to deliver`,
    ...problems,
    ...(more > 0 ? [`and ${more} more`] : []),
    problemCount === 0
      ? `The data folder ${folder} is whole.`
      : `The data folder ${folder} is damaged: put back a copy of it, or start with an empty one.`,
  ]
  return `${lines.join('\n')}\n`
}

/** `sendbox check`: reads a whole data folder. */
export const addCheck: AddCommand = (program, { terminal: { stdout }, end }) => {
  program
    .command('check')
    .summary('read a data folder, and say what is wrong with it')
    .description(
      'Reads all of a data folder and verifies its checksums, as each start does, and changes nothing. Ends with 0 if the folder is whole, and with 1 if not.',
    )
    .argument('<folder>', 'the folder that a mock was started with: --data')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      examplesOf({
        'check sendbox-data': 'count what is in it, and list what is wrong',
        'check sendbox-data --json': 'the same, for programs',
      }),
    )
    .action(async (folder: string, { json = false }: { readonly json?: boolean }) => {
      const { inspectFolder } = await import('../../persistence/check-folder.ts')
      const reading = await inspectFolder(folder).catch((error: unknown) => {
        throw error instanceof DataError ? new CommandError(error.message) : error
      })
      stdout.write(json ? `${JSON.stringify(reading, null, 2)}\n` : toText(folder, reading))
      end(reading.problemCount === 0 ? 0 : 1)
    })
}
