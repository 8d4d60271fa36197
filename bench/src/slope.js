const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * By how much a cost changes for each tenfold of a count, as a share of the first cost: the line of least squares through the costs
 * over the logarithms of the counts.
 */
export function slopePerDecade(points) {
  const decades = points.map(({ count }) => Math.log10(count))
  const costs = points.map(({ cost }) => cost / points[0].cost)
  const [meanDecade, meanCost] = [mean(decades), mean(costs)]
  const square = decade => (decade - meanDecade) ** 2
  const products = decades.map((decade, place) => (decade - meanDecade) * (costs[place] - meanCost))
  return mean(products) / mean(decades.map(square))
}
