import path from 'node:path'
import { silentLogger } from '../../logger.ts'
import { CaError } from '../../tls/ca-error.ts'
import type { StoredCa } from '../../tls/ca-store.ts'
import { type AddCommand, addOptions, examplesOf } from '../command.ts'
import { type Flags, readFlags } from '../options.ts'
import { startOptions } from '../start/options.ts'
import { CommandError, quoteForShell, type Terminal } from '../terminal.ts'

const { data, caName } = startOptions
const caOptions = { data, caName }

/** The certificates of the system's CAs, and that of the mock's behind them. */
async function readTrusted(ca: StoredCa): Promise<readonly string[]> {
  const { readSystemCas } = await import('../../tls/trust-stores.ts')
  return [...(await readSystemCas()), ca.certificate]
}

/** Writes the files that each language wants, and says in lines for a shell how it is led to them. */
async function describe(ca: StoredCa): Promise<string> {
  const { jksPassword, toBundle, toJks } = await import('../../tls/trust-stores.ts')
  const trusted = await readTrusted(ca)
  const bundle = await ca.writeBeside('ca-bundle.pem', toBundle(trusted))
  const jks = await ca.writeBeside('ca.jks', toJks(trusted))
  const [file, all] = [quoteForShell(ca.file), quoteForShell(bundle)]
  const java = `-Djavax.net.ssl.trustStore=${jks} -Djavax.net.ssl.trustStorePassword=${jksPassword}`
  return `The CA of the mock, valid until ${new Date(ca.endsAt).toISOString().slice(0, 10)}:

  certificate            ${ca.file}
  with the system's CAs  ${bundle}
  for Java               ${jks}

It may vouch for ${ca.domains.join(', ')}, all below them, and loopback addresses. Trust it in the program
under test alone, not in the system:

  Node      export NODE_EXTRA_CA_CERTS=${file}
  Python    export SSL_CERT_FILE=${all} REQUESTS_CA_BUNDLE=${all}
  Java      export JAVA_TOOL_OPTIONS=${quoteForShell(java)}
  Go        export SSL_CERT_FILE=${all}
  curl      export CURL_CA_BUNDLE=${all}
`
}

type Form = 'pem' | 'bundle' | 'jks'

async function print(form: Form | undefined, ca: StoredCa, { stdout }: Terminal): Promise<void> {
  if (form === undefined) return void stdout.write(await describe(ca))
  if (form === 'pem') return void stdout.write(ca.certificate)
  const { toBundle, toJks } = await import('../../tls/trust-stores.ts')
  const trusted = await readTrusted(ca)
  if (form === 'bundle') return void stdout.write(toBundle(trusted))
  if (stdout.isTTY)
    throw new CommandError('A trust store is no text: send it to a file, with --jks > ca.jks')
  stdout.write(toJks(trusted))
}

/** `sendbox ca`: the CA of the mock, and how to trust it. */
export const addCa: AddCommand = (program, { terminal }) => {
  const ca = program
    .command('ca')
    .summary('show the CA of the mock, and how each language trusts it')
    .description(
      'Shows the CA whose certificates the mock serves with --tls, and makes it where there is none. Without --data it is one for all mocks of this user.',
    )
    .option('--pem', 'print its certificate')
    .option('--bundle', "print its certificate after those of the system's CAs, as PEM")
    .option('--jks', 'print the same as a trust store for Java (JKS)')
    .addHelpText(
      'after',
      examplesOf({
        ca: 'where it is, and a line for each language',
        'ca --pem > ca.pem': 'for NODE_EXTRA_CA_CERTS',
        'ca --bundle > bundle.pem': 'for SSL_CERT_FILE, which replaces the list of the system',
        'ca --jks > ca.jks': 'for -Djavax.net.ssl.trustStore; the password is changeit',
      }),
    )
    .action(async (flags: Flags) => {
      const { values, problems } = readFlags(caOptions, flags)
      if (problems.length > 0) throw new CommandError(problems.join('\n'))
      const forms = (['pem', 'bundle', 'jks'] as const).filter(form => flags[form] === true)
      if (forms.length > 1) throw new CommandError('Choose one of --pem, --bundle and --jks', 2)
      const { openStoredCa } = await import('../../tls/ca-store.ts')
      const folder = values['data'] as string | undefined
      const options = {
        data: folder === undefined ? undefined : path.resolve(terminal.folder, folder),
        caNames: (values['caName'] as readonly string[] | undefined) ?? [],
      }
      const opened = await openStoredCa(options, silentLogger).catch((error: unknown) => {
        throw error instanceof CaError ? new CommandError(error.message) : error
      })
      await print(forms[0], opened, terminal)
    })
  addOptions(ca, caOptions)
}
