import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { toConnectorVariables } from '../../../src/run/environment.ts'
import { connectorEnvironment, type Environment } from '../../../src/run.ts'
import { readSystemCas, splitPem } from '../../../src/tls/trust-stores.ts'
import { createOwnCertificate } from '../../certificates.ts'
import { createDataFolder } from '../../data-folder.ts'

const { cert: ca } = await createOwnCertificate()
const mock = { url: 'http://127.0.0.1:4020', ca }
const [first = '', second = ''] = rootCertificates
const system = await readSystemCas()

let folder = ''
beforeEach(async () => {
  folder = await createDataFolder()
  vi.stubEnv('XDG_CACHE_HOME', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
})

const variablesFor = async (env: Environment): Promise<Readonly<Record<string, string>>> =>
  (await toConnectorVariables(mock, env)).variables

const certificatesIn = async (file: string | undefined): Promise<readonly string[]> =>
  splitPem(await readFile(file ?? '', 'utf8'))

async function write(name: string, content: string): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}

test('an empty environment leads to the mock by proxies, preload, path, and trusts its CA beside the system’s', async () => {
  const variables = await variablesFor({})
  expect(variables).toMatchObject({
    SENDBOX_URL: mock.url,
    HTTP_PROXY: mock.url,
    http_proxy: mock.url,
    HTTPS_PROXY: mock.url,
    https_proxy: mock.url,
    NO_PROXY: 'localhost,127.0.0.1,::1',
    no_proxy: 'localhost,127.0.0.1,::1',
    NODE_OPTIONS: expect.stringMatching(/^--require ".+intercept\.cjs"$/),
    PYTHONPATH: expect.stringMatching(/python$/),
  })
  for (const name of ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'])
    expect(await certificatesIn(variables[name])).toEqual([...system, ...splitPem(ca)])
  for (const name of ['SENDBOX_CA', 'NODE_EXTRA_CA_CERTS'])
    expect(await certificatesIn(variables[name])).toEqual(splitPem(ca))
})

test('certificates that were trusted before still are, and an environment made from one that was made is the same', async () => {
  const file = await write('mine.pem', `# mine\n${first}\n${second}\n`)
  const names = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS']
  const before = Object.fromEntries(names.map(name => [name, file]))
  const variables = await variablesFor(before)
  for (const name of names)
    expect(await certificatesIn(variables[name])).toEqual([first, second, ...splitPem(ca)])
  expect(await readFile(file, 'utf8')).toBe(`# mine\n${first}\n${second}\n`)
  expect(await variablesFor({ ...before, ...variables })).toEqual(variables)
})

test('a file that is not there is said, a folder stays', async () => {
  const { variables, warnings } = await toConnectorVariables(mock, {
    NODE_EXTRA_CA_CERTS: path.join(folder, 'no.pem'),
    REQUESTS_CA_BUNDLE: folder,
  })
  expect(warnings).toEqual([
    `REQUESTS_CA_BUNDLE names a folder, ${folder}, which stays: add ${variables['SENDBOX_CA']} to it`,
    `NODE_EXTRA_CA_CERTS names ${folder}/no.pem, which cannot be read (ENOENT)`,
  ])
  expect(variables).not.toHaveProperty('REQUESTS_CA_BUNDLE')
  expect(await certificatesIn(variables['NODE_EXTRA_CA_CERTS'])).toEqual(splitPem(ca))
})

test.each([
  ['corp.example', 'corp.example,localhost,127.0.0.1,::1'],
  [
    'corp.example, .internal  10.0.0.0/8',
    'corp.example,.internal,10.0.0.0/8,localhost,127.0.0.1,::1',
  ],
  ['*', 'localhost,127.0.0.1,::1'],
  ['.liveperson.net,a.test', 'a.test,localhost,127.0.0.1,::1'],
  ['LivePerson.net:443,*.lprnd.net,api.liveperson.com', 'localhost,127.0.0.1,::1'],
  ['.net,com,net.example', 'net.example,localhost,127.0.0.1,::1'],
  ['notliveperson.net,localhost', 'notliveperson.net,localhost,127.0.0.1,::1'],
])('of NO_PROXY %j what covers LivePerson is removed', async (list, expected) => {
  expect(await variablesFor({ NO_PROXY: list })).toMatchObject({
    NO_PROXY: expected,
    no_proxy: expected,
  })
  expect(await variablesFor({ no_proxy: list, NO_PROXY: 'other.test' })).toMatchObject({
    NO_PROXY: expected,
  })
})

test('options of Node and the path of Python are kept, those of the mock are there once', async () => {
  const before = { NODE_OPTIONS: '--max-old-space-size=512', PYTHONPATH: `/a${path.delimiter}/b` }
  const variables = await variablesFor(before)
  expect(variables['NODE_OPTIONS']).toMatch(/^--max-old-space-size=512 --require "[^"]+"$/)
  expect(variables['PYTHONPATH']?.split(path.delimiter).slice(1)).toEqual(['/a', '/b'])
  expect(await variablesFor({ ...before, ...variables })).toEqual(variables)
})

test('Java has the mock as its proxy, and what its options had before', async () => {
  const { variables, warnings } = await toConnectorVariables(mock, {
    JAVA_TOOL_OPTIONS: '-Xmx1g -Dhttp.nonProxyHosts=*.corp.example|*.liveperson.net',
  })
  expect(warnings).toEqual([])
  const options = variables['JAVA_TOOL_OPTIONS'] ?? ''
  expect(options.startsWith('-Xmx1g -D')).toBe(true)
  expect(options.split(' ')).toEqual(
    expect.arrayContaining([
      '-Dhttp.proxyHost=127.0.0.1',
      '-Dhttp.proxyPort=4020',
      '-Dhttps.proxyHost=127.0.0.1',
      '-Dhttps.proxyPort=4020',
      '-Dhttp.nonProxyHosts=*.corp.example|localhost|127.*|[::1]',
      '-Djavax.net.ssl.trustStorePassword=changeit',
    ]),
  )
  expect(options).not.toMatch(/trustStore=\S*$/)
})

test('a trust store and a proxy of Java’s own are said', async () => {
  const { variables, warnings } = await toConnectorVariables(mock, {
    JAVA_TOOL_OPTIONS: '-Dhttps.proxyHost=proxy.example -Djavax.net.ssl.trustStore=/etc/own.jks',
  })
  expect(warnings).toEqual([
    expect.stringContaining('JAVA_TOOL_OPTIONS names a proxy'),
    expect.stringContaining('JAVA_TOOL_OPTIONS names a trust store, /etc/own.jks, which stays'),
  ])
  expect(variables['JAVA_TOOL_OPTIONS']?.match(/trustStore=\S+/g)).toEqual([
    'trustStore=/etc/own.jks',
  ])
})

test.each([
  ['http://0.0.0.0:4020', 'http://127.0.0.1:4020'],
  ['http://[::]:4020', 'http://[::1]:4020'],
  ['http://[::1]:4020', 'http://[::1]:4020'],
])('a mock on %s is asked at %s', async (url, expected) => {
  const { variables } = await toConnectorVariables({ url, ca }, {})
  expect(variables).toMatchObject({ SENDBOX_URL: expected, HTTPS_PROXY: expected })
})

test('connectorEnvironment keeps all else, and says what it cannot merge', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  onTestFinished(() => {
    warn.mockRestore()
  })
  const env = await connectorEnvironment(mock, {
    PATH: '/bin',
    GONE: undefined,
    NODE_EXTRA_CA_CERTS: '/no.pem',
  })
  expect(env).toMatchObject({ PATH: '/bin', SENDBOX_URL: mock.url })
  expect(env).not.toHaveProperty('GONE')
  expect(warn.mock.calls).toEqual([
    ['NODE_EXTRA_CA_CERTS names /no.pem, which cannot be read (ENOENT)', 'SendboxWarning'],
  ])
})

test('a mock without TLS has no environment', async () => {
  await expect(connectorEnvironment({ url: mock.url })).rejects.toThrow(
    'The mock speaks no TLS: start it with tls (start --tls)',
  )
})

test('where the cache cannot be written to, the files are in the folder of temporary ones', async () => {
  const closed = await write('file', '')
  vi.stubEnv('XDG_CACHE_HOME', closed)
  const temporary = path.join(folder, 'tmp')
  await mkdir(temporary)
  vi.stubEnv('TMPDIR', temporary)
  const { SENDBOX_CA: file = '' } = await variablesFor({})
  expect(file.startsWith(temporary)).toBe(true)
  expect(await certificatesIn(file)).toEqual(splitPem(ca))
})

test('a preload in a folder with a blank is read by Node', async () => {
  const { NODE_OPTIONS = '' } = await variablesFor({})
  const [, preload = ''] = /"(.+)"/.exec(NODE_OPTIONS) ?? []
  const copy = path.join(folder, 'a "b\\c', 'd.cjs')
  await mkdir(path.dirname(copy))
  await writeFile(copy, `require(${JSON.stringify(preload)}); console.log('read')`)
  const quoted = `--require "${copy.replaceAll(/["\\]/g, '\\$&')}"`
  expect(NODE_OPTIONS).toBe(`--require "${preload}"`)
  const output = execFileSync(process.execPath, ['-e', '0'], { env: { NODE_OPTIONS: quoted } })
  expect(output.toString()).toBe('read\n')
})
