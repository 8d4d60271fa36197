import type { VerificationResult, VerifiedItem } from '../verify/verify-result.ts'

/** The entities of characters in XML and HTML. */
export const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Characters that XML 1.0 does not allow, not even escaped. */
const impossible = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

const toXmlAttribute = (text: string): string =>
  text.replace(impossible, '\ufffd').replace(/[&<>"\n\r\t]/g, found => escapes[found] ?? found)

const toXmlText = (text: string): string =>
  text.replace(impossible, '\ufffd').replace(/[&<>\r]/g, found => escapes[found] ?? found)

const toSeconds = (durationMs: number): string => (durationMs / 1000).toFixed(3)

function toTestCase({ kind, name, verdict, durationMs, failure, reason }: VerifiedItem): string {
  const open = `    <testcase classname="${kind}" name="${toXmlAttribute(name)}" time="${toSeconds(durationMs)}"`
  if (verdict === 'failed') {
    const { title = name, problems = [] } = failure ?? {}
    const text = toXmlText([title, ...problems].join('\n'))
    return `${open}>\n      <failure message="${toXmlAttribute(problems[0] ?? title)}">${text}</failure>\n    </testcase>`
  }
  if (verdict === 'leftOut')
    return `${open}>\n      <skipped message="${toXmlAttribute(reason ?? '')}"/>\n    </testcase>`
  return `${open}/>`
}

const count = (items: readonly VerifiedItem[]): string => {
  const failures = items.filter(({ verdict }) => verdict === 'failed').length
  const skipped = items.filter(({ verdict }) => verdict === 'leftOut').length
  const durationMs = items.reduce((sum, item) => sum + item.durationMs, 0)
  return `tests="${items.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${toSeconds(durationMs)}"`
}

function toLeftOpenCase({ leftOpen }: VerificationResult): VerifiedItem[] {
  if (leftOpen.length === 0) return []
  const name = 'every conversation of the run is closed'
  const problems = leftOpen.map(id => `Conversation ${id} may still be open`)
  const failure = { title: name, rules: [], problems }
  return [{ kind: 'trace', name, verdict: 'failed', durationMs: 0, steps: [], failure }]
}

/** The report as JUnit XML. */
export function toJunitReport(result: VerificationResult): string {
  const items = [...result.items, ...toLeftOpenCase(result)]
  const suites = (['trace', 'pact'] as const).flatMap(kind => {
    const own = items.filter(item => item.kind === kind)
    if (own.length === 0) return []
    const open = `  <testsuite name="${kind}s" ${count(own)} timestamp="${result.startedAt}">`
    return [open, ...own.map(toTestCase), '  </testsuite>']
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sendbox-contracts ${toXmlAttribute(result.target)}" ${count(items)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}
