import { createCa, openCa } from '../src/tls/certificates.ts'
import type { PemCertificate } from '../src/tls/contexts.ts'

/** A certificate for the loopback names, followed by its CA, as a user has one of his own. */
export async function createOwnCertificate(): Promise<PemCertificate> {
  const ca = await openCa(await createCa(['localhost']))
  const { certificate, privateKey } = await ca.createLeaf()
  return { cert: certificate + ca.certificate, key: privateKey }
}
