/** The measurements of one part of the run. */
export interface SoakWindow {
  /** How many requests were done at its end. */
  readonly requests: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The delay of the mock's event loop. */
  readonly delayP99Ms: number
  readonly rssMiB: number
  /** The part of the RSS that is files which are mapped. */
  readonly mappedMiB: number
  readonly heapMiB: number
  /** The same after garbage was collected; in some windows only. */
  readonly keptRssMiB?: number
  readonly keptHeapMiB?: number
}

const width = 720
const height = 140
const margin = 48

interface Line {
  readonly label: string
  readonly color: string
  readonly of: (window: SoakWindow) => number
}

const charts: readonly (readonly Line[])[] = [
  [
    { label: 'RSS, MiB', color: '#0b6', of: ({ rssMiB }) => rssMiB },
    { label: 'mapped files, MiB', color: '#aaa', of: ({ mappedMiB }) => mappedMiB },
    { label: 'heap, MiB', color: '#59c', of: ({ heapMiB }) => heapMiB },
  ],
  [
    { label: 'p99, ms', color: '#c43', of: ({ p99Ms }) => p99Ms },
    { label: 'p50, ms', color: '#e90', of: ({ p50Ms }) => p50Ms },
    { label: 'event loop p99, ms', color: '#85c', of: ({ delayP99Ms }) => delayP99Ms },
  ],
  [{ label: 'requests a second', color: '#345', of: ({ perSecond }) => perSecond }],
]

function plotChart(lines: readonly Line[], windows: readonly SoakWindow[], top: number): string {
  const most = Math.max(1, ...windows.flatMap(window => lines.map(({ of }) => of(window))))
  const last = windows.at(-1)?.requests ?? 1
  const toX = (requests: number): number => margin + (requests / last) * (width - 2 * margin)
  const toY = (value: number): number => top + height - (value / most) * height
  const drawn = lines.map(({ label, color, of }, index) => {
    const points = windows.map(
      window => `${toX(window.requests).toFixed(1)},${toY(of(window)).toFixed(1)}`,
    )
    const x = margin + index * 180
    return `<polyline fill="none" stroke="${color}" points="${points.join(' ')}"/>
<text x="${x}" y="${top - 6}" fill="${color}">${label}</text>`
  })
  return `<rect x="${margin}" y="${top}" width="${width - 2 * margin}" height="${height}" fill="none" stroke="#ccc"/>
<text x="4" y="${top + 10}">${Math.round(most)}</text>
<text x="4" y="${top + height}">0</text>
${drawn.join('\n')}`
}

/** Draws what was measured over the number of requests, as SVG. */
export function plotSoak(title: string, windows: readonly SoakWindow[]): string {
  const parts = charts.map((lines, index) => plotChart(lines, windows, 56 + index * (height + 36)))
  const total = 56 + charts.length * (height + 36)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="${margin}" y="24" font-size="15">${title}, over ${windows.at(-1)?.requests ?? 0} requests</text>
${parts.join('\n')}
</svg>
`
}
