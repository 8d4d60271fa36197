import { expect, test } from 'vitest'
import { explainReaderEnd } from '../../../src/persistence/check-folder.ts'

test.each([
  ['SIGSEGV', '', 'damaged', 'is damaged (LMDB ended the process with SIGSEGV): put back a copy'],
  [
    'SIGINT',
    '',
    'unreadable',
    'was not read to its end, as the process that reads it was ended by SIGINT: try again',
  ],
  [
    'SIGKILL',
    '',
    'unreadable',
    'was not read to its end, as the process that reads it was ended by SIGKILL: try again',
  ],
  [
    null,
    'at open\nError: Permission denied /data/lmdb\n',
    'unreadable',
    'cannot be read (Error: Permission denied /data/lmdb): let this user read and write all of it',
  ],
  [
    null,
    'Error: MDB_CORRUPTED: page\n    at open',
    'damaged',
    'is damaged (Error: MDB_CORRUPTED: page): put back',
  ],
  [null, '', 'damaged', 'is damaged (it printed no reason): put back'],
] as const)('a reader that ends by %s with %j is explained', (signal, errors, code, words) => {
  const error = explainReaderEnd('/data', signal, errors)
  expect(error.code).toBe(code)
  expect(error.message).toContain(`The data folder /data ${words}`)
})
