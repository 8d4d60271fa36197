import path from 'node:path'
import type { MockServer } from '../app/start-mock-server.ts'
import { withoutBrackets } from '../http/host-name.ts'
import { toPackageFile } from '../package-file.ts'
import { serviceDomains } from '../service-domains.ts'
import { jksPassword } from '../tls/trust-stores.ts'
import { openTrustFiles } from './trust-files.ts'

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The variables that lead a program to a mock. */
export interface ConnectorVariables {
  readonly variables: Readonly<Record<string, string>>
  /** Variables that could not be merged, a sentence each. */
  readonly warnings: readonly string[]
}

const preload = toPackageFile('src/run/intercept.cjs')
const pythonFolder = toPackageFile('src/run/python')

/** Appends to a list of options, unless it has the text already. */
const append = (list: string | undefined, text: string): string => {
  if (list === undefined || list === '') return text
  return list.includes(text) ? list : `${list} ${text}`
}

/** Quotes an option as NODE_OPTIONS has it. */
const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`

const prepend = (list: string | undefined, entry: string): string =>
  [
    entry,
    ...(list ?? '').split(path.delimiter).filter(known => known !== '' && known !== entry),
  ].join(path.delimiter)

/** Hosts of this machine, which no proxy is asked for. */
const localHosts = ['localhost', '127.0.0.1', '::1'] as const

/** Whether an entry of NO_PROXY, or of Java's `http.nonProxyHosts`, covers hosts of LivePerson: one of them, all below a domain, or all. */
function coversService(entry: string): boolean {
  const name = entry
    .replace(/:\d+$/, '')
    .replace(/^\*?\.?/, '')
    .toLowerCase()
  const isWithin = (one: string, other: string): boolean =>
    one === other || one.endsWith(`.${other}`)
  return (
    name === '' || serviceDomains.some(domain => isWithin(domain, name) || isWithin(name, domain))
  )
}

const toNoProxy = (list: string | undefined): string => {
  const kept = (list ?? '').split(/[\s,]+/).filter(entry => entry !== '' && !coversService(entry))
  return [...new Set([...kept, ...localHosts])].join(',')
}

/** Host and port of the mock, as a program of its machine reaches it. */
function toProxy(server: string): URL {
  const url = new URL(server)
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  return url
}

/** The value of a system property in options for Java. */
const propertyIn = (options: string, name: string): string | undefined =>
  options.match(new RegExp(`-D${name.replaceAll('.', '\\.')}=(\\S*)`))?.[1]

/** The options of Java: the mock as proxy, and its CA; of a property that is given twice the last one counts. */
function toJavaOptions(proxy: URL, jks: string, known = ''): ConnectorVariables {
  const others = (propertyIn(known, 'http.nonProxyHosts') ?? '')
    .split('|')
    .filter(entry => entry !== '' && !coversService(entry))
  const host = withoutBrackets(proxy.hostname)
  const options = [
    ...['http', 'https'].flatMap(scheme => [
      `-D${scheme}.proxyHost=${host}`,
      `-D${scheme}.proxyPort=${proxy.port}`,
    ]),
    `-Dhttp.nonProxyHosts=${[...new Set([...others, 'localhost', '127.*', '[::1]'])].join('|')}`,
  ]
  const warnings: string[] = []
  const proxyHost = propertyIn(known, 'https.proxyHost') ?? propertyIn(known, 'http.proxyHost')
  if (proxyHost !== undefined && proxyHost !== host)
    warnings.push(
      'JAVA_TOOL_OPTIONS names a proxy, before which the mock is now: name it in HTTPS_PROXY too, so that the mock asks it for other hosts',
    )
  const store = propertyIn(known, 'javax.net.ssl.trustStore')
  if (store === undefined || store === jks || path.dirname(store) === path.dirname(jks))
    options.push(
      `-Djavax.net.ssl.trustStore=${jks}`,
      '-Djavax.net.ssl.trustStoreType=JKS',
      `-Djavax.net.ssl.trustStorePassword=${jksPassword}`,
    )
  else
    warnings.push(
      `JAVA_TOOL_OPTIONS names a trust store, ${store}, which stays: add the CA of the mock to it (sendbox ca --pem, keytool -importcert)`,
    )
  const text = options.map(option => (/\s/.test(option) ? `"${option}"` : option)).join(' ')
  return { variables: { JAVA_TOOL_OPTIONS: append(known, text) }, warnings }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** Each in upper case and in lower: curl reads `http_proxy` only, and others prefer the lower one. */
const inBothCases = (name: string, value: string): Record<string, string> => ({
  [name]: value,
  [name.toLowerCase()]: value,
})

/** The variables that lead a program to a mock, each merged with the one before. */
export async function toConnectorVariables(
  { url, ca }: Pick<MockServer, 'url' | 'ca'>,
  env: Environment,
): Promise<ConnectorVariables> {
  if (ca === undefined)
    throw new TypeError('The mock speaks no TLS: start it with tls (start --tls)')
  const proxy = toProxy(url)
  const trust = await openTrustFiles(ca)
  const java = toJavaOptions(proxy, trust.jks, env['JAVA_TOOL_OPTIONS'])
  const warnings = [...java.warnings]
  const bundles: Record<string, string> = {}
  const addBundle = async (
    name: string,
    toFile: (file: string | undefined) => Promise<string>,
  ): Promise<void> => {
    const known = env[name] || undefined
    try {
      bundles[name] = await toFile(known)
    } catch (error) {
      if (codeOf(error) === 'EISDIR') {
        warnings.push(`${name} names a folder, ${known}, which stays: add ${trust.ca} to it`)
        return
      }
      warnings.push(`${name} names ${known}, which cannot be read (${codeOf(error)})`)
      bundles[name] = await toFile(undefined)
    }
  }
  for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'])
    await addBundle(name, trust.bundleAfter)
  await addBundle('NODE_EXTRA_CA_CERTS', trust.extraAfter)
  const proxyUrl = `http://${proxy.host}`
  return {
    warnings,
    variables: {
      SENDBOX_URL: proxyUrl,
      SENDBOX_CA: trust.ca,
      ...inBothCases('HTTP_PROXY', proxyUrl),
      ...inBothCases('HTTPS_PROXY', proxyUrl),
      ...inBothCases('NO_PROXY', toNoProxy(env['no_proxy'] || env['NO_PROXY'])),
      NODE_OPTIONS: append(env['NODE_OPTIONS'], `--require ${quote(preload)}`),
      PYTHONPATH: prepend(env['PYTHONPATH'], pythonFolder),
      ...java.variables,
      ...bundles,
    },
  }
}

/** An environment with variables over it. */
export const mergeVariables = (
  env: Environment,
  variables: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
  ...variables,
})

/**
 * The environment in which a connector, or its test suite, reaches a mock in place of LivePerson's hosts, without a change of its code:
 * `env` with variables for Node, Python, Java, Go and curl, each merged with the one before. The mock runs with `tls`, and with
 * `passThrough` where the program asks other hosts too. Throws a `TypeError` for a mock without `tls`; what cannot be merged is a warning
 * of the process (`SendboxWarning`).
 * @example
 * ```ts
 * import { startMockServer } from '@sendbox/mock-server'
 * import { connectorEnvironment } from '@sendbox/mock-server/run'
 *
 * await using server = await startMockServer({ tls: true, passThrough: true })
 * const env = await connectorEnvironment(server, process.env)
 * console.log(env['SENDBOX_URL'] === server.url) // true
 * ```
 */
export async function connectorEnvironment(
  server: Pick<MockServer, 'url' | 'ca'>,
  env: Environment = process.env,
): Promise<Record<string, string>> {
  const { variables, warnings } = await toConnectorVariables(server, env)
  for (const warning of warnings) process.emitWarning(warning, 'SendboxWarning')
  return mergeVariables(env, variables)
}
