import { writeFileSync } from 'node:fs'
import { parse, textMetrics, View } from 'vega'
import { compile } from 'vega-lite'

const width = 460
const [ink, own, other] = ['#24292f', '#0969da', '#8c959f']

const font = '-apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif'

// Without a canvas Vega takes each letter to be 0.8 of its height wide, and so cuts labels and leaves half the picture empty.
textMetrics.width = ({ fontSize }, text) => String(text).length * fontSize * 0.58

/** Horizontal bars, the best first, each with its number at its end. */
function toBars({ title, values, isMoreBetter }) {
  const most = Math.max(...values.map(({ value }) => value))
  const sorted = values.toSorted((a, b) => (isMoreBetter ? b.value - a.value : a.value - b.value))
  const y = { field: 'name', type: 'nominal', sort: null, title: null }
  // Room to the right of the longest bar, for its number.
  const x = {
    field: 'value',
    type: 'quantitative',
    axis: null,
    scale: { domain: [0, most * 1.15] },
  }
  const isOwn = "datum.id === 'sendbox'"
  return {
    title,
    width,
    height: { step: 26 },
    data: { values: sorted },
    encoding: { y, x },
    layer: [
      {
        mark: { type: 'bar', height: 17 },
        encoding: { color: { condition: { test: isOwn, value: own }, value: other } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 5 },
        encoding: { text: { field: 'value', type: 'quantitative', format: ',.0f' } },
      },
    ],
  }
}

/** A line for each curve over the count, which goes up by tenfolds; a cost that stays is a line at 100 %. */
function toLines(curves) {
  const values = curves.flatMap(({ grows, place, points }) =>
    points.map(({ count, cpuRatio }) => ({
      count,
      cost: cpuRatio / points[0].cpuRatio,
      curve: `${grows}, ${place}`,
    })),
  )
  const axis = { grid: false, tickCount: 4 }
  return {
    title: 'CPU time of one send, as messages or conversations grow',
    width,
    height: 150,
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: {
        field: 'count',
        type: 'quantitative',
        title: null,
        scale: { type: 'log' },
        axis: { ...axis, values: [1, 100, 10_000, 1_000_000], format: ',' },
      },
      y: {
        field: 'cost',
        type: 'quantitative',
        title: null,
        scale: { domainMin: 0 },
        axis: { ...axis, grid: true, format: '.0%' },
      },
      color: { field: 'curve', type: 'nominal', sort: null, title: null },
    },
  }
}

function toCharts({ send, start, growth }) {
  const charts = []
  if (send) {
    const values = send.result.map(({ id, name, callsPerSecond: value }) => ({ id, name, value }))
    charts.push(toBars({ title: 'The same POST: calls a second', values, isMoreBetter: true }))
  }
  if (start) {
    const values = start.result.map(({ id, name, startMs: value }) => ({ id, name, value }))
    charts.push(toBars({ title: 'From spawn to the first 200: ms', values, isMoreBetter: false }))
  }
  // Results of before the growth was measured in CPU time have no curve to draw.
  if (growth?.result.pairs) charts.push(toLines(growth.result.curves))
  return charts
}

/** Draws the main figures. Returns true if there was something to draw. */
export async function writePlot(results, file) {
  const vconcat = toCharts(results)
  if (vconcat.length === 0) return false
  const { spec } = compile({
    vconcat,
    spacing: 28,
    background: 'white',
    padding: 16,
    resolve: { scale: { color: 'independent', x: 'independent', y: 'independent' } },
    config: {
      font,
      view: { stroke: null },
      title: { anchor: 'start', frame: 'group', fontSize: 14, color: ink, offset: 10 },
      axis: {
        labelFontSize: 12,
        labelLimit: 0,
        labelPadding: 6,
        labelColor: ink,
        ticks: false,
        domain: false,
      },
      text: { fontSize: 12, color: ink },
      legend: { orient: 'bottom', columns: 2, labelFontSize: 12, labelColor: ink, labelLimit: 0 },
    },
  })
  const view = new View(parse(spec), { renderer: 'none' })
  writeFileSync(file, `${await view.toSVG()}\n`)
  view.finalize()
  return true
}
