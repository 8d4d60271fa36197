import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { toPackageFile } from '../package-file.ts'

/** The page loads only itself, and files of a conversation as `blob:` URLs. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const securityHeaders = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Builds the page of a checkout; a tarball has no such file. */
const builder = toPackageFile('../dashboard/build.js')

type Build = { readonly buildDashboard: () => Promise<string> }

/** The folder of the built page. In a checkout it is built where its sources are newer. */
async function findFolder(): Promise<string> {
  if (!existsSync(builder)) return toPackageFile('dashboard')
  const { buildDashboard } = (await import(pathToFileURL(builder).href)) as Build
  return buildDashboard()
}

/** Names of assets have a digest of their content. */
const setHeaders = (response: Response, path: string): void => {
  const isAsset = /[/\\]assets[/\\]/.test(path)
  response.set('Cache-Control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache')
}

const serveFolder = (folder: string): RequestHandler =>
  express.static(folder, { redirect: false, setHeaders })

/** Whether a browser asks for a page; programs that take anything do not. */
export const wantsPage = ({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean =>
  (method === 'GET' || method === 'HEAD') && /\btext\/html\b/.test(headers.accept ?? '')

/** Serves the page and its assets, which hold no data; where it is mounted it adds the slash that relative paths need. */
export function serveDashboard(): RequestHandler {
  let served: { readonly folder: string; readonly serve: RequestHandler } | undefined
  return async (request, response, next) => {
    response.set(securityHeaders)
    const [path = ''] = request.originalUrl.split('?', 1)
    // Relative, as the app may be mounted below any path.
    if (request.path === '/' && !path.endsWith('/')) return response.redirect(308, 'ui/')
    const isAsset = request.path.startsWith('/assets/')
    if (served === undefined || !isAsset) {
      const folder = await findFolder()
      if (folder !== served?.folder) served = { folder, serve: serveFolder(folder) }
    }
    return served.serve(request, response, next)
  }
}
