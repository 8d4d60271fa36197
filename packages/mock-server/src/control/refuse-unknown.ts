import type { Request, RequestHandler } from 'express'
import { writeAnswer } from '../http/answer.ts'
import { type ControlOperation, controlPrefix } from './control-operation.ts'
import { refuseControl } from './control-refusal.ts'

const segmentsOf = (path: string): string[] => path.split('/').filter(segment => segment !== '')

const isPlaceholder = (segment: string): boolean => segment.startsWith('{')

/** Claims that a path is one of a template; as in the routes, a slash more makes it another one. */
const isPathOf = (template: string, path: string): boolean => {
  const wanted = template.split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      isPlaceholder(segment) ? given[index] !== '' : segment === given[index],
    )
  )
}

const pairsOf = (word: string): string[] =>
  Array.from({ length: Math.max(0, word.length - 1) }, (_, index) => word.slice(index, index + 2))

/** How alike two words are, from 0 to 1, by the pairs of letters that they share. */
function likeness(a: string, b: string): number {
  const pairs = pairsOf(a.toLowerCase())
  const others = pairsOf(b.toLowerCase())
  const shared = pairs.filter(pair => others.includes(pair)).length
  return pairs.length + others.length === 0 ? 0 : (2 * shared) / (pairs.length + others.length)
}

/** Words are compared in order and where they stand; a placeholder is like nothing, but costs nothing. */
function likenessOfPath(template: string, path: string): number {
  const wanted = segmentsOf(template)
  const given = segmentsOf(path)
  const longest = Math.max(wanted.length, given.length)
  let sum = 0
  for (let place = 0; place < longest; place += 1) {
    const segment = wanted[place]
    const word = given[place]
    if (segment === undefined || word === undefined) sum -= 0.5
    else if (!isPlaceholder(segment)) sum += likeness(segment, word)
  }
  return sum
}

const mostSuggestions = 3

/** What is less like the path, or much less than the best, was not meant. */
const leastLikeness = 0.5
const shareOfBest = 0.7

/** The paths that an unknown one was probably meant to be, the most likely first. */
function suggestPaths(path: string, templates: readonly string[]): string[] {
  const ranked = [...new Set(templates)]
    .map(template => ({ template, score: likenessOfPath(template, path) }))
    .toSorted((a, b) => b.score - a.score)
  const least = Math.max(leastLikeness, (ranked[0]?.score ?? 0) * shareOfBest)
  return ranked
    .filter(({ score }) => score >= least)
    .slice(0, mostSuggestions)
    .map(({ template }) => template)
}

const whereAllAre = `GET ${controlPrefix}/openapi.json describes all calls`

/** Answers what is no operation: 405 where the path is one, else 404 with the paths that are like it. */
export const refuseUnknown =
  (operations: readonly ControlOperation[]): RequestHandler =>
  ({ method, path }: Request, response) => {
    const methods = operations
      .filter(operation => isPathOf(operation.path, path))
      .map(operation => operation.method)
    if (methods.length > 0) {
      const details = `This path takes ${methods.join(', ')}, not ${method}; ${whereAllAre}`
      const headers = { Allow: methods.join(', ') }
      return writeAnswer(response, refuseControl(405, details, { headers }))
    }
    const suggestions = suggestPaths(
      path,
      operations.map(operation => operation.path),
    ).map(template => controlPrefix + template)
    const meant = suggestions.length > 0 ? ` Closest: ${suggestions.join(', ')}.` : ''
    const details = `The control API has no such path.${meant} ${whereAllAre}`
    return writeAnswer(response, refuseControl(404, details))
  }
