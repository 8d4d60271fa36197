import { z } from 'zod'
import { BotScriptSchema } from '../bot-script.ts'
import { defineControlOperation } from './control-operation.ts'

const path = '/accounts/{accountId}/bot'

export const getBot = defineControlOperation({
  id: 'getBot',
  method: 'GET',
  path,
  summary: 'Shows the script of the bot of an account; null where it has no bot',
  answers: { 200: BotScriptSchema.nullable() },
  handle: ({ params: { accountId = '' } }, { bots }) => ({
    status: 200,
    body: bots.of(accountId) ?? null,
  }),
})

export const putBot = defineControlOperation({
  id: 'putBot',
  method: 'PUT',
  path,
  summary: 'Lets a bot answer the consumers of an account by script, from the next text on',
  body: BotScriptSchema,
  answers: { 200: BotScriptSchema },
  handle({ params: { accountId = '' }, body }, { bots }) {
    bots.replace(accountId, body)
    return { status: 200, body }
  },
})

export const resetBot = defineControlOperation({
  id: 'resetBot',
  method: 'DELETE',
  path,
  summary: 'Lets the bot of an account go by what was declared again, which may be none',
  answers: { 200: z.nullable(BotScriptSchema) },
  handle({ params: { accountId = '' } }, { bots }) {
    bots.reset(accountId)
    return { status: 200, body: bots.of(accountId) ?? null }
  },
})
