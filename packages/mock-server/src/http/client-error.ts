import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from '../logger.ts'
import { tlsHello } from '../tls/connections.ts'
import type { RecordRefused } from './record-call.ts'

/** The error of a connection, with the bytes that are no request. */
export interface ClientError extends Error {
  readonly code?: string
  readonly rawPacket?: Uint8Array
}

/** The statuses that Node gives to what cannot be parsed, by the code of the error. */
const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Bytes that are no request have neither method nor path. */
const noRequest = { method: '', url: '', rawHeaders: [] }

const distrust = /_ALERT_(?:UNKNOWN_CA|(?:BAD_)?CERTIFICATE)/

/** The advice to a user about an error that comes from the way a program was pointed at the mock. */
function findAdvice({ code = '', rawPacket }: ClientError): string | undefined {
  if (rawPacket?.[0] === tlsHello)
    return 'a TLS handshake came to the plain port: use http://, or start the mock with --tls'
  if (distrust.test(code))
    return 'a TLS client does not trust the certificate of the mock: "sendbox ca" says how to trust its CA'
  return undefined
}

/**
 * Creates the end of connections whose bytes are no request: a line in the log that says what to do, once for each kind, and the response
 * that Node would give. `mayRespond` says whether no other response is being written.
 */
export function createClientErrorHandler(
  log: Logger,
  record: RecordRefused,
): (error: ClientError, socket: Duplex, mayRespond: boolean) => void {
  const given = new Set<string>()
  return (error, socket, mayRespond) => {
    const advice = findAdvice(error)
    if (advice !== undefined && !given.has(advice)) {
      given.add(advice)
      log.warn({}, advice)
    }
    const { code = '' } = error
    const status = statuses[code] ?? (code.startsWith('HPE_') ? 400 : undefined)
    if (advice !== undefined || status !== undefined) {
      const hint = advice ?? `bytes that are no request of HTTP (${code})`
      record(noRequest, { status: advice === undefined ? status : undefined, facts: { hint } })
    }
    if (status === undefined || !socket.writable || !mayRespond) return void socket.destroy()
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`, () =>
      socket.destroy(),
    )
  }
}
