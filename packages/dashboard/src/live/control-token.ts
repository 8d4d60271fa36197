/** Removes a control token from the URL: `sendbox open` passes it there, and neither history nor referrers may have it. */
function removeToken(): string | undefined {
  const [, token] = /^#token=(.+)/.exec(location.hash) ?? []
  if (token === undefined) return undefined
  history.replaceState(null, '', `${location.pathname}${location.search}`)
  return decodeURIComponent(token)
}

/** The control token that the URL of the page had, if any. */
export const tokenOfUrl = removeToken()

/** The hash of the URL without the token: the place that the page begins with. */
export const hashOfUrl = location.hash
