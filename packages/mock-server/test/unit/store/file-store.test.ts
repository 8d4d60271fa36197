import { expect, test } from 'vitest'
import { FileStore, maxFiles } from '../../../src/files/file-store.ts'

const megabytes = (count: number) => new Uint8Array(count * 1024 * 1024)

test('makes room for a new file by dropping the oldest of the same account', () => {
  const files = new FileStore()
  files.save('1', 'a', megabytes(40))
  files.save('1', 'b', megabytes(20))
  files.save('2', 'a', megabytes(60))
  expect(files.load('1', 'a')).toBeDefined()
  files.save('1', 'c', megabytes(10))
  expect(['a', 'b', 'c'].map(path => files.load('1', path)?.byteLength)).toEqual([
    undefined,
    20 * 1024 * 1024,
    10 * 1024 * 1024,
  ])
  expect(files.load('2', 'a')).toBeDefined()
})

test('takes a file that is uploaded again for the newest', () => {
  const files = new FileStore()
  files.save('1', 'a', megabytes(20))
  files.save('1', 'b', megabytes(20))
  files.save('1', 'a', megabytes(30))
  files.save('1', 'c', megabytes(30))
  expect(['a', 'b', 'c'].map(path => files.load('1', path) !== undefined)).toEqual([
    true,
    false,
    true,
  ])
})

test('drops the oldest file beyond 10,000, and reads the size of no other one', () => {
  const files = new FileStore()
  let reads = 0
  class CountedBytes extends Uint8Array {
    override get byteLength(): number {
      reads += 1
      return super.byteLength
    }
  }
  for (let index = 0; index <= maxFiles; index += 1)
    files.save('1', String(index), new CountedBytes(0))
  expect(files.listOf('1').size).toBe(maxFiles)
  expect([files.load('1', '0'), files.load('1', '1')]).toEqual([undefined, new CountedBytes(0)])
  expect(reads).toBeLessThan(2 * maxFiles)
})
