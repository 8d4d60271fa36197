import { createCa, openCa } from '../src/tls/certificates.ts'
import type { PemCertificate } from '../src/tls/contexts.ts'

/** A private CA, and a certificate of it for a host, by default for the loopback names. */
export async function createPrivateCa(
  hostName?: string,
): Promise<PemCertificate & { readonly ca: string }> {
  const ca = await openCa(await createCa([hostName ?? 'localhost']))
  const { certificate, privateKey } = await ca.createLeaf(hostName)
  return { ca: ca.certificate, cert: certificate, key: privateKey }
}

/** A certificate for the loopback names, followed by its CA, as a user has one of his own. */
export async function createOwnCertificate(): Promise<PemCertificate> {
  const { ca, cert, key } = await createPrivateCa()
  return { cert: cert + ca, key }
}
