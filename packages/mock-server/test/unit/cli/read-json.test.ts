import { expect, test } from 'vitest'
import { parseJson } from '../../../src/cli/read-json.ts'

test.each([
  ['', 'Unexpected end of JSON input'],
  ['{"port": abc}', "Unexpected token 'a' in line 1, column 10"],
  ['// a comment\n{}', "Unexpected token '/' in line 1, column 1"],
  ['{\n  "a": 1,\n  "host": tru\n}', String.raw`Unexpected token '\n' in line 3, column 14`],
  ['{\n  "port": 4020,\n}', 'Expected double-quoted property name in line 3, column 1'],
  ['{"a": 1 "b": 2}', "Expected ',' or '}' after property value in line 1, column 9"],
  ['{"clientSecret": "hush', 'Unterminated string in line 1, column 23'],
  [`{"clientSecret": 'hush'}`, "Unexpected token ''' in line 1, column 18"],
])('says in one line where %j is not valid', (text, expected) => {
  expect(parseJson(text)).toEqual({ ok: false, refusal: expected })
})
