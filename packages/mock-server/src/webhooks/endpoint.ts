const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where a notification is posted, and the `Authorization` that the URL's user name and password come to. */
export function toTarget(endpoint: string): {
  readonly url: URL
  readonly authorization: string | undefined
} {
  const url = new URL(endpoint)
  const user = `${decode(url.username)}:${decode(url.password)}`
  url.username = ''
  url.password = ''
  return {
    url,
    authorization: user === ':' ? undefined : `Basic ${Buffer.from(user).toString('base64')}`,
  }
}
