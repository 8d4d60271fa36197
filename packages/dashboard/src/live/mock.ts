import { signal } from '@preact/signals'
import {
  type ControlCall,
  ControlError,
  connectMockServer,
  type RemoteMockServer,
  type StreamedEvent,
} from '@sendbox/mock-server/control'
import { tokenOfUrl } from './control-token.ts'

/** The base URL of the mock that serves this page, without a trailing slash; an app may have mounted it below a path. */
export const baseUrl: string = new URL('../..', location.href).href.replace(/\/$/, '')

/** In memory only. */
let controlToken = tokenOfUrl

const connect = (): RemoteMockServer =>
  connectMockServer(baseUrl, controlToken === undefined ? {} : { controlToken })

let server = connect()

/**
 * The state of the stream of events: `live`, `connecting` for the first time, `lost` while it is tried again, `paused` while the tab is
 * hidden, `locked` while the mock wants its control token.
 */
export const connection = signal<'connecting' | 'live' | 'lost' | 'paused' | 'locked'>('connecting')

/** Grows with each stream that opens, and with each gap in one: values that were read earlier may be out of date. */
export const epoch = signal(0)

/** The last call of the page that was refused, and why; `undefined` once it was read. */
export const trouble = signal<string | undefined>(undefined)

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Whether the mock wants a control token, or another one. */
const isLocked = (error: unknown): boolean => error instanceof ControlError && error.status === 401

/** Calls an operation of the control API; asks for the control token where the mock wants one. */
export const call = (async (...input: Parameters<ControlCall>) => {
  try {
    return await server.call(...input)
  } catch (error) {
    if (isLocked(error)) connection.value = 'locked'
    throw error
  }
}) as ControlCall

/** Fetches a path of the mock with the control token, such as a stored file. */
export const fetchPath = (path: string): Promise<Response> =>
  fetch(`${baseUrl}${path}`, {
    ...(controlToken !== undefined && { headers: { Authorization: `Bearer ${controlToken}` } }),
  })

/** Runs what a person asked for, and shows the reason if the mock refuses it. Resolves to whether it did not. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  // Not at its end: by then another one may have been refused, such as a text behind a chat state.
  trouble.value = undefined
  try {
    await act()
    return true
  } catch (error) {
    trouble.value = messageOf(error)
    return false
  }
}

type Listener = (event: StreamedEvent) => void

const listeners = new Set<Listener>()

/** Calls a function with each event of the mock, of all accounts; returns the end of that. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Time before a lost stream is opened again, in ms. */
const retryMs = 1000

/** The connection whose stream is read, if one is. */
let reading: RemoteMockServer | undefined

/** Reads one stream to its end. */
async function readStream(from: RemoteMockServer): Promise<void> {
  const events = from.events()
  await events.opened
  if (reading !== from) return
  connection.value = 'live'
  epoch.value += 1
  for await (const event of events) {
    if (event.event === 'gap' || event.event === 'dropped') epoch.value += 1
    for (const listener of listeners) listener(event)
  }
}

/** Reads streams, one after another, until the tab is hidden or the mock wants a token. */
async function keepReading(): Promise<void> {
  for (;;) {
    const own = connect()
    reading = own
    try {
      await readStream(own)
    } catch (error) {
      if (reading === own && isLocked(error)) {
        connection.value = 'locked'
        if (controlToken !== undefined) trouble.value = 'The mock refuses this control token.'
        return
      }
    } finally {
      await own.close()
    }
    if (reading !== own) return
    connection.value = 'lost'
    await new Promise(resolve => setTimeout(resolve, retryMs))
    if (reading !== own) return
  }
}

/** Closes the stream: a browser allows six connections to a host, which hidden tabs would use up. */
function pause(): void {
  const own = reading
  reading = undefined
  if (own === undefined) return
  connection.value = 'paused'
  void own.close()
}

/** Opens the stream, and again after each loss; while the tab is hidden it is closed. */
export function startStream(): void {
  const follow = (): void => {
    if (document.hidden) pause()
    else if (reading === undefined) void keepReading()
  }
  document.addEventListener('visibilitychange', follow)
  // A page that the browser keeps for its back button holds no stream either.
  addEventListener('pagehide', pause)
  addEventListener('pageshow', follow)
  follow()
}

/** Continues with another control token. */
export function unlock(token: string): void {
  controlToken = token
  trouble.value = undefined
  void server.close()
  server = connect()
  connection.value = 'connecting'
  reading = undefined
  void keepReading()
}
