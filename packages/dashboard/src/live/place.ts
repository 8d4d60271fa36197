/** The rooms of the page, in the order of the navigation. */
export const rooms = ['conversations', 'calls', 'webhooks', 'trouble', 'verify', 'rules'] as const
export type Room = (typeof rooms)[number]

/** A place in the page: `#/<account>/<room>/<id>?<filters>`. */
export interface Route {
  readonly account: string
  readonly room: Room
  /** The conversation, call or delivery that is shown; empty for none. */
  readonly id: string
  readonly filters: Readonly<Record<string, string>>
}

const exampleAccountId = '12345678'

/** A segment that is no valid percent-encoding is read as it is. */
const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Reads a hash; what is missing or unknown is the home of the example account. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?')
  const [account = '', room = '', ...id] = path.split('/').map(decode)
  return {
    account: account === '' ? exampleAccountId : account,
    room: rooms.find(name => name === room) ?? 'conversations',
    id: id.join('/'),
    filters: Object.fromEntries(new URLSearchParams(search)),
  }
}

/** Writes a route as the hash that {@link parseRoute} reads. */
export function toHash({ account, room, id, filters }: Route): string {
  const given = Object.entries(filters).filter(([, value]) => value !== '')
  const search = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''
  const path = [account, room, ...(id === '' ? [] : [id])].map(encodeURIComponent).join('/')
  return `#/${path}${search}`
}
