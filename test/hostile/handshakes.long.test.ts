import { constants } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { connect, createSecureContext, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { startMock } from '../durability/start-mock.ts'
import { createTemporaryFolder } from '../temporary-folder.ts'

const handshakes = 10_000
const batch = 50

/** Ten times what was measured on a quiet machine; 350 bytes kept of each handshake would be more. */
const maxHeapGrowthBytes = 1.5 * 2 ** 20

/** The allocator keeps pages; 10 KiB kept a handshake, the size of OpenSSL's state of one connection, would be 49 MiB. */
const maxRssGrowthBytes = 40 * 2 ** 20

test('10,000 TLS handshakes, some aborted and some for hosts that do not exist, leave no memory behind', async () => {
  await using folder = await createTemporaryFolder()
  await using mock = await startMock('--tls', '--data', folder.path)
  const port = Number(new URL(mock.url).port)
  const ca = await readFile(join(folder.path, 'tls/ca.pem'), 'utf8')
  // Without tickets each handshake is a whole one.
  const secureContext = createSecureContext({ ca, secureOptions: constants.SSL_OP_NO_TICKET })
  const shakeHands = async (servername: string): Promise<void> => {
    const options = { host: '127.0.0.1', port, servername, secureContext }
    const socket: TLSSocket = connect({ ...options, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    expect(socket.isSessionReused()).toBe(false)
    const closed = once(socket, 'close')
    socket.end()
    await closed
  }
  /** Sends the beginning of a hello, and resets the connection. */
  const abort = async (): Promise<void> => {
    const socket = connectTcp(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1]))
    const closed = once(socket, 'close')
    socket.resetAndDestroy()
    await closed
  }
  /** Of ten, one is aborted, one is for a host that nobody vouches for, one for a host that no other is for, and seven for a known one. */
  const perform = (index: number): Promise<void> => {
    if (index % 10 === 0) return abort()
    if (index % 10 === 1) return shakeHands(`host-${index}.example`)
    if (index % 10 === 2) return shakeHands(`host-${index}.liveperson.net`)
    return shakeHands('api.liveperson.net')
  }
  const performAll = async (from: number, to: number): Promise<void> => {
    for (let start = from; start < to; start += batch)
      await Promise.all(Array.from({ length: batch }, (_, offset) => perform(start + offset)))
  }
  // The first half fills what is bounded: certificates of hosts, names in the log, code.
  await performAll(0, handshakes / 2)
  const before = await mock.sample({ afterCollection: true })
  await performAll(handshakes / 2, handshakes)
  const after = await mock.sample({ afterCollection: true })
  expect(after.heapUsed - before.heapUsed).toBeLessThan(maxHeapGrowthBytes)
  expect(after.rss - after.mapped - (before.rss - before.mapped)).toBeLessThan(maxRssGrowthBytes)
  expect(await mock.stop()).toBe(0)
}, 300_000)
