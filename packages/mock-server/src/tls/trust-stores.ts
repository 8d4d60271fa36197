import { createHash, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'

/** Where systems keep the certificates that they trust, as PEM. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The certificates in a text, each as PEM. */
export const splitPem = (text: string): readonly string[] => text.match(pemCertificate) ?? []

/** The certificates that the system trusts, as PEM; those of Node where the system has no file of them. */
export async function readSystemCas(): Promise<readonly string[]> {
  for (const path of systemBundles) {
    const text = await readFile(path, 'utf8').catch(() => '')
    const certificates = splitPem(text)
    if (certificates.length > 0) return certificates
  }
  return rootCertificates
}

/** One file of many certificates, for programs in which a file replaces the system's. */
export const toBundle = (certificates: readonly string[]): string =>
  certificates.map(pem => `${pem.trimEnd()}\n`).join('')

/** The password of a trust store, as Java's own has it: it guards nothing, since certificates are public. */
export const jksPassword = 'changeit'

const jksMagic = 0xfeedfeed
const jksVersion = 2
const trustedCertificate = 2

const toInt = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A text as `DataOutputStream.writeUTF` writes it, of ASCII. */
const toUtf = (text: string): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text, 'latin1')])
}

/** A trust store for Java (JKS, version 2), whose entries are certificates alone. */
export function toJks(certificates: readonly string[]): Buffer {
  const createdAt = Buffer.alloc(8)
  createdAt.writeBigInt64BE(BigInt(Date.now()))
  const entries = certificates.map((pem, index) => {
    const { raw: der } = new X509Certificate(pem)
    return Buffer.concat([
      toInt(trustedCertificate),
      toUtf(`sendbox-${index}`),
      createdAt,
      toUtf('X.509'),
      toInt(der.length),
      der,
    ])
  })
  const content = Buffer.concat([
    toInt(jksMagic),
    toInt(jksVersion),
    toInt(entries.length),
    ...entries,
  ])
  const digest = createHash('sha1')
    .update(Buffer.from(jksPassword, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(content)
    .digest()
  return Buffer.concat([content, digest])
}
