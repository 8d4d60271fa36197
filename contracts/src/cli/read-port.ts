import { CommandError } from './terminal.ts'

/** Parses a port; throws a `CommandError` for any other text. */
export function readPort(text: string): number {
  const port = Number(text)
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new CommandError(`--port "${text}" is no port. Write a number from 0 to 65535`)
  return port
}

/** Why a server does not listen on a port. */
export const toPortError = (error: unknown, port: number): string =>
  (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? `Port ${port} is taken. Choose another: --port 0 takes a free one`
    : String(error)
