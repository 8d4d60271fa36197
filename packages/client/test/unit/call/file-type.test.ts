import { expect, test } from 'vitest'
import { toFileType } from '../../../src/files/send-file.ts'

const known = ['JPG', 'JPEG', 'PNG', 'GIF']
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d]

test.each([
  ['photo.jpeg', [], 'JPEG'],
  ['a/b.c/photo.PNG', [], 'PNG'],
  ['photo.gif', png, 'GIF'],
  ['photo.dat', png, 'PNG'],
  ['photo', [0xff, 0xd8, 0xff, 0xe0], 'JPG'],
  [undefined, [0x47, 0x49, 0x46, 0x38, 0x39], 'GIF'],
  ['paper.pdf', [0x25, 0x50], 'PDF'],
  [undefined, [0x89, 0x50, 0x4e], undefined],
  ['photo', [], undefined],
])('%j with the bytes %j is of type %j [PUB-4.1]', (name, bytes, expected) => {
  expect(toFileType({ name, bytes: Uint8Array.from(bytes) }, known)).toBe(expected)
})

test('an ending that is taken wins over the first bytes', () => {
  const bytes = Uint8Array.from(png)

  expect(toFileType({ name: 'paper.pdf', bytes }, ['PDF'])).toBe('PDF')
  expect(toFileType({ name: 'paper.pdf', bytes }, known)).toBe('PNG')
})
