import type { DriftReport, DriftRow, RunEvidence } from './drift-report.ts'
import { escapes } from './junit.ts'

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, found => escapes[found] ?? found)

/** HTML with the code in a rule's text marked. */
const toProse = (text: string): string => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const words: Readonly<Record<RunEvidence['shownBy'][number]['verdict'] | 'notShown', string>> = {
  passed: 'as the rule says',
  failed: 'otherwise',
  leftOut: 'left out',
  notReached: 'not reached',
  notShown: 'not shown',
}

const toShown = ({ name, verdict, problems = [] }: RunEvidence['shownBy'][number]): string => {
  const lines = problems.map(problem => `<br><code>${escapeHtml(problem)}</code>`).join('')
  return `<li>${escapeHtml(name)}: ${words[verdict]}${lines}</li>`
}

function toRunCell(run: DriftRow['live']): string {
  if (run === 'never') return '<td class="never">never</td>'
  const when = run.at.slice(0, 10)
  const head = `<strong class="${run.verdict}">${words[run.verdict]}</strong> <time datetime="${run.at}">${when}</time>, ${escapeHtml(run.target)}`
  if (run.shownBy.length === 0) return `<td>${head}</td>`
  const isOpen = run.verdict === 'failed' ? ' open' : ''
  const list = run.shownBy.map(toShown).join('')
  return `<td>${head}<details${isOpen}><summary>${run.shownBy.length} by</summary><ul>${list}</ul></details></td>`
}

function toDocsCell({ docs: { text, sources, contradiction } }: DriftRow): string {
  const from = sources.length > 0 ? ` <small>${escapeHtml(sources.join(', '))}</small>` : ''
  if (contradiction === undefined) return `<td>${toProse(text)}${from}</td>`
  const { sides, followed, setting } = contradiction
  const list = sides.map(
    side => `<li>${toProse(side.statement)} <small>${escapeHtml(side.source)}</small></li>`,
  )
  const choice = setting === undefined ? '' : `<br>Setting: ${toProse(setting)}`
  return `<td>${toProse(text)}${from}<details><summary>the public material contradicts itself</summary><ul>${list.join('')}</ul>Sendbox follows: ${toProse(followed)}${choice}</details></td>`
}

const toRow = (row: DriftRow): string =>
  `<tr id="${row.id}"><th scope="row">${row.id}</th>${toDocsCell(row)}${toRunCell(row.mock)}${toRunCell(row.live)}</tr>`

const toGroup = ({ evidence, rows }: DriftReport['groups'][number]): string =>
  `<h2 id="${evidence}">${evidence} <small>${rows.length}</small></h2>
<table>
<thead><tr><th scope="col">rule</th><th scope="col">the docs say</th><th scope="col">the mock did</th><th scope="col">the last live run showed</th></tr></thead>
<tbody>
${rows.map(toRow).join('\n')}
</tbody>
</table>`

const style = `
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th, td { border-top: 1px solid #8886; padding: .4rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th:first-child { width: 6.5rem }
th:nth-child(2) { width: 40% }
ul { margin: .3rem 0; padding-left: 1.2rem }
small, time, .never { opacity: .7 }
.passed { color: light-dark(#167a2f, #6fd08c) }
.failed { color: light-dark(#b3261e, #ff8a80) }
`

/** The report as one page of HTML without references to other files. */
export function toDriftPage({ groups }: DriftReport): string {
  const links = groups.map(
    ({ evidence, rows }) => `<a href="#${evidence}">${evidence}</a> (${rows.length})`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sendbox: docs, mock and real service</title>
<style>${style}</style>
</head>
<body>
<h1>Docs, mock and real service</h1>
<p>One row for each rule. Both right columns show only what a stored run showed; "never" means that there was none.</p>
<p>${links.join(' · ')}</p>
${groups.map(toGroup).join('\n')}
</body>
</html>
`
}
