// How rows are written: a checksum over key and value, then the value. Written in JavaScript, as a child process reads a folder with the
// same file from source and from the package.
import { crc32 } from 'node:zlib'

/**
 * @param {readonly (number | string)[]} key
 * @param {Uint8Array} value
 */
const checksumOf = (key, value) => crc32(value, crc32(JSON.stringify(key)))

/** @param {readonly (number | string)[]} key */
const isBytes = ([, kind]) => kind === 'bytes'

/**
 * The bytes of a row: a CRC-32 over its key and value, then the value: JSON, or bytes for the kind `bytes`.
 * @param {readonly (number | string)[]} key - The account's number, then the row's key.
 * @param {unknown} value
 * @returns {Buffer}
 */
export function encodeRow(key, value) {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value))
  const row = Buffer.allocUnsafe(4 + bytes.length)
  row.writeUInt32LE(checksumOf(key, bytes))
  row.set(bytes, 4)
  return row
}

/**
 * The value of a row; throws a `RangeError` if the row is damaged.
 * @param {readonly (number | string)[]} key - The account's number, then the row's key.
 * @param {Uint8Array} row
 * @returns {unknown}
 */
export function decodeRow(key, row) {
  const buffer = Buffer.from(row)
  const value = buffer.subarray(4)
  if (buffer.length < 4 || buffer.readUInt32LE() !== checksumOf(key, value))
    throw new RangeError(`the checksum of row ${JSON.stringify(key)} is wrong`)
  return isBytes(key) ? new Uint8Array(value) : JSON.parse(value.toString('utf8'))
}
