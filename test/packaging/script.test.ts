import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, test } from 'vitest'
import { runNode } from './run-node.ts'

const body = `
const request = chatState => ({
  id: 1,
  type: 'ms.PublishEvent',
  body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState } },
})
const results = [parseSendRequest(request('COMPOSING')), parseSendRequest(request('COMPOSNG'))]
process.stdout.write(JSON.stringify(results))
`

test.each([
  ['an ES module', 'parse.mjs', `import { parseSendRequest } from '@sendbox/schema'`],
  ['a CommonJS module', 'parse.cjs', `const { parseSendRequest } = require('@sendbox/schema')`],
])('%s parses a good and a bad request with the installed package', async (_, name, head) => {
  await writeFile(join(inject('consumerFolder'), name), head + body)
  const { status, output } = runNode(name)
  expect({ status, output }).toMatchObject({ status: 0 })
  expect(JSON.parse(output)).toEqual([
    {
      ok: true,
      request: {
        id: 1,
        type: 'ms.PublishEvent',
        body: { dialogId: 'dialog', event: { type: 'ChatStateEvent', chatState: 'COMPOSING' } },
      },
      diagnostics: [],
    },
    {
      ok: false,
      problems: [
        expect.objectContaining({
          path: '/body/event/chatState',
          received: '"COMPOSNG"',
          rule: 'PUB-7',
        }),
      ],
    },
  ])
})
