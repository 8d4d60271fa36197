import { createSecureContext, type SecureContext } from 'node:tls'
import type { Logger } from '../logger.ts'
import { CaError } from './ca-error.ts'
import { type CaOptions, openStoredCa, type StoredCa } from './ca-store.ts'

/** A certificate and its key, as PEM. */
export interface PemCertificate {
  /** The certificate, followed by its intermediates. */
  readonly cert: string
  /** Its private key. */
  readonly key: string
}

/** The certificates of a port. */
export interface Certificates {
  /** That of a connection without SNI, and for a name that the CA may not vouch for. */
  readonly fallback: PemCertificate
  /** Of a host name, in lower case. */
  readonly contextOf: (hostName: string) => Promise<SecureContext>
  /** The certificate that a client has to trust, as PEM. */
  readonly ca: string
}

/** Maximum number of certificates that are kept; the oldest are made again. */
const maxContexts = 100

async function createLeaf(ca: StoredCa, hostName?: string): Promise<PemCertificate> {
  const { certificate, privateKey } = await ca.createLeaf(hostName)
  return { cert: certificate, key: privateKey }
}

/** Makes a certificate for each host name that the CA may vouch for, once. */
async function createFromCa(ca: StoredCa, log: Logger): Promise<Certificates> {
  const fallback = await createLeaf(ca)
  const fallbackContext = createSecureContext(fallback)
  const contexts = new Map<string, Promise<SecureContext>>()
  const add = (hostName: string): Promise<SecureContext> => {
    const [oldest] = contexts.keys()
    if (oldest !== undefined && contexts.size >= maxContexts) contexts.delete(oldest)
    const context = createLeaf(ca, hostName).then(createSecureContext)
    contexts.set(hostName, context)
    return context
  }
  /** Host names of which the log has a line, so that a client that invents names cannot fill it. */
  const refused = new Set<string>()
  const refuse = (hostName: string): Promise<SecureContext> => {
    if (!refused.has(hostName) && refused.size < maxContexts)
      log.warn(
        { hostName },
        `the CA may not vouch for this host: start with --tls-cert and --tls-key, or make another CA with --ca-name ${hostName}`,
      )
    if (refused.size < maxContexts) refused.add(hostName)
    return Promise.resolve(fallbackContext)
  }
  return {
    ca: ca.certificate,
    fallback,
    contextOf: name => (ca.covers(name) ? (contexts.get(name) ?? add(name)) : refuse(name)),
  }
}

function createFromOwn({ cert, key }: PemCertificate): Certificates {
  try {
    const context = createSecureContext({ cert, key })
    return { ca: cert, fallback: { cert, key }, contextOf: () => Promise.resolve(context) }
  } catch (error) {
    const words = 'The TLS certificate and its key must be PEM, and belong together'
    throw new CaError(`${words}: ${String(error)}`, {
      cause: error,
    })
  }
}

/** Opens the certificates of a port: one of one's own, or those that a CA makes for each host that is asked for; throws a {@link CaError} that says what to do. */
export const openCertificates = async (
  options: PemCertificate | CaOptions,
  log: Logger,
): Promise<Certificates> =>
  'cert' in options ? createFromOwn(options) : createFromCa(await openStoredCa(options, log), log)
