import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { BitString, Integer, OctetString, Utf8String } from 'asn1js'
import {
  AltName,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralSubtree,
  id_AuthorityKeyIdentifier,
  id_BasicConstraints,
  id_ExtKeyUsage,
  id_KeyUsage,
  id_NameConstraints,
  id_SubjectAltName,
  id_SubjectKeyIdentifier,
  NameConstraints,
} from 'pkijs'

/** A certificate with its private key, both as PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly privateKey: string
}

const dayMs = 86_400_000

/** Lifetime of a CA, in ms. */
const caLifetimeMs = 365 * dayMs

/** Lifetime of a leaf, in ms. */
const leafLifetimeMs = 90 * dayMs

/** How long before now a certificate begins, in ms: the clock of a container may be behind. */
const clockSkewMs = dayMs

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
const commonName = '2.5.4.3'
const serverAuth = '1.3.6.1.5.5.7.3.1'

/** The first byte of a KeyUsage and its unused bits. Source: RFC 5280, 4.2.1.3. */
const keyUsages = {
  ca: { valueHex: Uint8Array.of(0b0000_0110), unusedBits: 1 },
  leaf: { valueHex: Uint8Array.of(0b1000_0000), unusedBits: 7 },
}

const toDnsName = (name: string): GeneralName => new GeneralName({ type: 2, value: name })

const toAddress = (...valueHex: number[]): GeneralName =>
  new GeneralName({ type: 7, value: new OctetString({ valueHex: Uint8Array.from(valueHex) }) })

const times = (count: number, byte: number): number[] => Array.from({ length: count }, () => byte)

/** The names of a request without SNI. */
const loopbackNames = [
  toDnsName('localhost'),
  toAddress(127, 0, 0, 1),
  toAddress(...times(15, 0), 1),
]

/** 127.0.0.0/8 and ::1: each an address and its mask. */
const loopbackSubnets = [
  toAddress(127, 0, 0, 0, 255, 0, 0, 0),
  toAddress(...times(15, 0), 1, ...times(16, 255)),
]

interface Encodable {
  toBER(): ArrayBuffer
}

const toExtension = (extnID: string, value: Encodable, critical = false): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() })

const toPem = (label: string, bytes: ArrayBuffer): string => {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

const fromPem = (pem: string): Buffer =>
  Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')

/** The parts in which certificates of CA and server differ. */
interface CertificateParts {
  readonly name: string
  readonly lifetimeMs: number
  readonly extensions: readonly Extension[]
}

/** An unsigned certificate for a public key, with SKI. */
async function draft(
  { name, lifetimeMs, extensions }: CertificateParts,
  publicKey: webcrypto.CryptoKey,
): Promise<Certificate> {
  const certificate = new Certificate({ version: 2 })
  const serial = randomBytes(16)
  // Positive, and without a leading zero byte.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  certificate.serialNumber = new Integer({ valueHex: serial })
  certificate.subject.typesAndValues.push(
    new AttributeTypeAndValue({ type: commonName, value: new Utf8String({ value: name }) }),
  )
  const now = Date.now()
  certificate.notBefore.value = new Date(now - clockSkewMs)
  certificate.notAfter.value = new Date(now + lifetimeMs)
  await certificate.subjectPublicKeyInfo.importKey(publicKey)
  const key = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  const identifier = await webcrypto.subtle.digest('SHA-1', Uint8Array.from(key))
  certificate.extensions = [
    ...extensions,
    toExtension(id_SubjectKeyIdentifier, new OctetString({ valueHex: identifier })),
  ]
  return certificate
}

/** A certificate authority that signs certificates of servers. */
export interface CertificateAuthority extends KeyPair {
  /** The domains that it may vouch for, with all below them; besides the loopback addresses. */
  readonly domains: readonly string[]
  /** Whether it may vouch for a host name: one of its domains, or below one. */
  readonly covers: (hostName: string) => boolean
  /** In ms since the epoch. */
  readonly endsAt: number
  /** Signs a certificate for a host name, or for the loopback names. */
  readonly createLeaf: (hostName?: string) => Promise<KeyPair>
}

/**
 * Creates a CA: EC P-256, for one year, with critical name constraints: `domains` and what is below them, and the loopback addresses.
 */
export async function createCa(domains: readonly string[]): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const permittedSubtrees = [...domains.map(toDnsName), ...loopbackSubnets].map(
    base => new GeneralSubtree({ base }),
  )
  const certificate = await draft(
    {
      name: `Sendbox CA ${randomBytes(4).toString('hex')}`,
      lifetimeMs: caLifetimeMs,
      extensions: [
        toExtension(
          id_BasicConstraints,
          new BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema(),
          true,
        ),
        toExtension(id_KeyUsage, new BitString(keyUsages.ca), true),
        toExtension(
          id_NameConstraints,
          new NameConstraints({ permittedSubtrees }).toSchema(),
          true,
        ),
      ],
    },
    keys.publicKey,
  )
  certificate.issuer = certificate.subject
  await certificate.sign(keys.privateKey, 'SHA-256')
  return toKeyPair(certificate, keys.privateKey)
}

async function toKeyPair(
  certificate: Certificate,
  privateKey: webcrypto.CryptoKey,
): Promise<KeyPair> {
  return {
    certificate: toPem('CERTIFICATE', certificate.toSchema().toBER()),
    privateKey: toPem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', privateKey)),
  }
}

/** The DNS names of a CA's name constraints. */
function readDomains({ extensions = [] }: Certificate): string[] {
  const constraints = extensions.find(({ extnID }) => extnID === id_NameConstraints)?.parsedValue
  if (!(constraints instanceof NameConstraints)) return []
  return (constraints.permittedSubtrees ?? []).flatMap(({ base: { type, value } }) =>
    type === 2 && typeof value === 'string' ? [value] : [],
  )
}

/** Opens a CA; throws where its key is not that of its certificate. */
export async function openCa(pair: KeyPair): Promise<CertificateAuthority> {
  const issuer = Certificate.fromBER(fromPem(pair.certificate))
  const isOwnKey = new X509Certificate(pair.certificate).checkPrivateKey(
    createPrivateKey(pair.privateKey),
  )
  if (!isOwnKey) throw new Error('The key is not that of the certificate')
  const issuerKey = await webcrypto.subtle.importKey(
    'pkcs8',
    fromPem(pair.privateKey),
    algorithm,
    false,
    ['sign'],
  )
  const identifier = issuer.extensions?.find(({ extnID }) => extnID === id_SubjectKeyIdentifier)
  const domains = readDomains(issuer)
  const leafKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const endsAt = issuer.notAfter.value.getTime()
  return {
    ...pair,
    domains,
    endsAt,
    covers: hostName =>
      domains.some(domain => hostName === domain || hostName.endsWith(`.${domain}`)),
    async createLeaf(hostName) {
      const altNames = hostName === undefined ? loopbackNames : [toDnsName(hostName)]
      const certificate = await draft(
        {
          name: 'Sendbox',
          lifetimeMs: Math.min(leafLifetimeMs, endsAt - Date.now()),
          extensions: [
            toExtension(id_BasicConstraints, new BasicConstraints({ cA: false }).toSchema(), true),
            toExtension(id_KeyUsage, new BitString(keyUsages.leaf), true),
            toExtension(id_ExtKeyUsage, new ExtKeyUsage({ keyPurposes: [serverAuth] }).toSchema()),
            toExtension(id_SubjectAltName, new AltName({ altNames }).toSchema()),
            toExtension(
              id_AuthorityKeyIdentifier,
              new AuthorityKeyIdentifier({ keyIdentifier: identifier?.parsedValue }).toSchema(),
            ),
          ],
        },
        leafKeys.publicKey,
      )
      certificate.issuer = issuer.subject
      await certificate.sign(issuerKey, 'SHA-256')
      return toKeyPair(certificate, leafKeys.privateKey)
    },
  }
}
