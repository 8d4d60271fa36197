import { parseSync, Visitor } from 'oxc-parser'

type Node = { readonly type: string; readonly [key: string]: unknown }

/** The text of a string or template; what a template inserts is left out. */
function textOf(node: Node | undefined): string {
  if (node?.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : ''
  if (node?.type !== 'TemplateLiteral') return ''
  return (node['quasis'] as { value: { cooked: string } }[])
    .map(({ value }) => value.cooked)
    .join('…')
}

/** Every string below a node: the rows of a table name its tests. */
function stringsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(stringsIn)
  if (typeof node !== 'object' || node === null) return []
  const text = textOf(node as Node)
  return text === '' ? Object.values(node).flatMap(stringsIn) : [text]
}

/** The name of what is called: `test` of `test.each([…])`. */
function rootOf(callee: Node): string {
  if (callee.type === 'Identifier') return callee['name'] as string
  const inner = callee['object'] ?? callee['callee'] ?? callee['tag']
  return inner === undefined ? '' : rootOf(inner as Node)
}

/** The titles of the tests of a file, and the strings of the tables that tests are made from. */
export function readTestTitles(path: string, source: string): string[] {
  const titles: string[] = []
  new Visitor({
    CallExpression: call => {
      const node = call as unknown as Node
      if (!['test', 'it'].includes(rootOf(node['callee'] as Node))) return
      const [first, second] = node['arguments'] as Node[]
      titles.push(...(second === undefined ? stringsIn(first) : [textOf(first)]))
    },
  }).visit(parseSync(path, source).program)
  return titles
}
