import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { createOwnCertificate } from '../../certificates.ts'
import { runToEnd, startCommand } from '../../command-terminal.ts'
import { createDataFolder } from '../../data-folder.ts'

const healthOf = async (url: string, ca: string): Promise<string> => {
  const [response] = await once(
    request(`${url}/__sendbox/health`, { ca, agent: false }).end(),
    'response',
  )
  return text(response)
}

test('start --tls serves https with the CA that ca shows, and keeps its key to itself', async () => {
  const data = await createDataFolder()
  const shown = await runToEnd(['ca', '--pem', '--data', data])
  expect({ ...shown, stdout: new X509Certificate(shown.stdout).ca }).toEqual({
    code: 0,
    stderr: '',
    stdout: true,
  })

  const command = startCommand([
    'start',
    '--port',
    '0',
    '--tls',
    '--json',
    '--data',
    data,
    '--log-level',
    'trace',
  ])
  const ready = JSON.parse(await command.firstLine)
  expect(ready).toMatchObject({ ca: shown.stdout, httpsUrl: ready.url.replace('http:', 'https:') })
  expect(await healthOf(ready.httpsUrl, shown.stdout)).toBe('{"status":"ok"}')
  const account = `${ready.url}/__sendbox/accounts/${ready.accountId}`
  const states = [`${account}/requests`, `${account}/snapshot`].map(async url =>
    (await fetch(url)).text(),
  )
  const seen = await Promise.all(states)
  command.signal()
  const { stdout, stderr } = await command.ended

  const pem = await readFile(path.join(data, 'tls', 'ca-key.pem'), 'utf8')
  const [key = ''] = /(?<=PRIVATE KEY-----\n)[^-]+/.exec(pem) ?? []
  expect(key.length).toBeGreaterThan(100)
  for (const place of [...seen, stdout, stderr])
    for (const line of key.trim().split('\n')) expect(place).not.toContain(line)
})

test('start --tls-cert and --tls-key serve a certificate of one’s own', async () => {
  const folder = await createDataFolder()
  const { cert, key } = await createOwnCertificate()
  await writeFile(path.join(folder, 'cert.pem'), cert)
  await writeFile(path.join(folder, 'key.pem'), key)
  const command = startCommand(
    ['start', '--port', '0', '--json', '--tls-cert', 'cert.pem', '--tls-key', 'key.pem'],
    { folder },
  )
  const { httpsUrl } = JSON.parse(await command.firstLine)
  expect(await healthOf(httpsUrl, cert)).toBe('{"status":"ok"}')
  command.signal()
  await command.ended
})

test('the greeting names both URLs', async () => {
  const folder = await createDataFolder()
  const command = startCommand(['start', '--port', '0', '--tls', '--data', folder])
  expect(await command.firstLine).toMatch(
    /^Sendbox listens on (http):(\S+) \+ \1s:\2 \(sendbox ca\)$/,
  )
  command.signal()
  await command.ended
})

test.each([
  [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key go together: name both files\n'],
  [
    ['--tls-cert', 'a.pem', '--tls-key', 'a.key'],
    '--tls-cert: cannot read a.pem: there is no such file\n',
  ],
])('start %j is refused with what to do', async (flags, stderr) => {
  expect(await runToEnd(['start', '--port', '0', ...flags])).toEqual({
    code: 1,
    stdout: '',
    stderr,
  })
})

test('start says which file to remove where the CA lacks a name', async () => {
  const data = await createDataFolder()
  await runToEnd(['ca', '--data', data])
  const flags = ['--port', '0', '--tls', '--ca-name', 'chat.example', '--data', data]
  const { code, stderr } = await runToEnd(['start', ...flags])
  expect([code, stderr]).toEqual([
    1,
    `The CA in ${path.join(data, 'tls', 'ca-key.pem')} was made without chat.example: remove the file, so that another CA is made, and trust that one\n`,
  ])
})

test('ca says where it is, and writes the files that each language wants', async () => {
  const data = await createDataFolder()
  const { code, stdout } = await runToEnd(['ca', '--data', data, '--ca-name', 'chat.example'])
  const at = (name: string) => path.join(data, 'tls', name)
  expect(code).toBe(0)
  for (const name of ['ca.pem', 'ca-bundle.pem', 'ca.jks']) expect(stdout).toContain(at(name))
  expect(stdout).toContain('chat.example')
  expect(stdout).not.toContain('PRIVATE')
  const pem = await readFile(at('ca.pem'), 'utf8')
  const bundle = await readFile(at('ca-bundle.pem'), 'utf8')
  expect(bundle.endsWith(pem)).toBe(true)
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50)
  expect((await runToEnd(['ca', '--bundle', '--data', data])).stdout).toBe(bundle)
})

test('a trust store of Java has the CA', async ({ skip }) => {
  skip(spawnSync('keytool', ['-help']).status !== 0, 'keytool is not on this machine')
  const data = await createDataFolder()
  await runToEnd(['ca', '--data', data])
  const store = ['-keystore', path.join(data, 'tls', 'ca.jks'), '-storepass', 'changeit']
  const { stdout } = spawnSync('keytool', ['-list', '-rfc', ...store], { encoding: 'utf8' })
  const pem = (await readFile(path.join(data, 'tls', 'ca.pem'), 'utf8')).trim()
  const flat = (lines: string) => lines.replaceAll(/\s/g, '')
  expect(flat(stdout)).toContain(flat(pem))
})

test('two forms of the CA are a usage error', async () => {
  const data = await createDataFolder()
  expect(await runToEnd(['ca', '--pem', '--jks', '--data', data])).toMatchObject({
    code: 2,
    stderr: 'error: Choose one of --pem, --bundle and --jks\n',
  })
})
