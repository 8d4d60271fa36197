// @ts-check
// The preload of `sendbox run`, by NODE_OPTIONS=--require: sockets to LivePerson's hosts lead to the mock, and its CA is trusted for them.
// CommonJS without a dependency, since it runs in the process of the connector.
'use strict'

const { readFileSync } = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
const net = require('node:net')
const tls = require('node:tls')

const serviceHost = /(?:^|\.)(?:liveperson\.net|liveperson\.com|lprnd\.net)\.?$/i

/** The options of a connection that are about the way to its host. */
const namesOfRoute = ['localAddress', 'localPort', 'lookup', 'family']

/** @param {unknown} host */
const isServiceHost = host => typeof host === 'string' && serviceHost.test(host)

/**
 * @param {URL} mock
 * @param {string} ca
 */
function intercept(mock, ca) {
  const port = Number(mock.port || 80)
  const host = mock.hostname.replace(/^\[|\]$/g, '')

  // oxlint-disable-next-line typescript/unbound-method -- it is called with the socket
  const { connect } = net.Socket.prototype
  /**
   * The options of a connection, which Node has read before or not: `(options)`, `(port, host)`, or the list of both and a callback.
   * @param {any[]} args
   */
  const toOptions = args => {
    const [first, second] = Array.isArray(args[0]) ? args[0] : args
    if (typeof first === 'object' && first !== null) return first
    return { port: first, host: typeof second === 'string' ? second : undefined }
  }
  /** @this {import('node:net').Socket} @param {any[]} args */
  net.Socket.prototype.connect = function (...args) {
    const options = toOptions(args)
    if (options.path || !isServiceHost(options.host))
      return connect.apply(this, /** @type {any} */ (args))
    const own = { ...options, host, port }
    for (const name of namesOfRoute) delete own[name]
    const last = Array.isArray(args[0]) ? args[0][1] : args[args.length - 1]
    const listener = typeof last === 'function' ? [last] : []
    return connect.call(this, own, ...listener)
  }

  const { connect: connectTls } = tls
  /** @param {any[]} args */
  const toTlsOptions = args => {
    const options = args.find(one => typeof one === 'object' && one !== null) || {}
    if (typeof args[0] === 'object') return options
    return { ...options, port: args[0], ...(typeof args[1] === 'string' && { host: args[1] }) }
  }
  /** @type {any} */
  const connectTrusting = (/** @type {any[]} */ ...args) => {
    const options = toTlsOptions(args)
    const name = options.servername || options.host
    if (!isServiceHost(name)) return connectTls.apply(tls, /** @type {any} */ (args))
    const context = options.secureContext || tls.createSecureContext(options)
    context.context.addCACert(ca)
    const last = args[args.length - 1]
    const listener = typeof last === 'function' ? [last] : []
    // A client that has looked the name up itself still means the name.
    const named = options.socket ? {} : { host: name }
    const own = { ...options, ...named, servername: name, secureContext: context }
    return connectTls.call(tls, own, ...listener)
  }
  tls.connect = connectTrusting
  syncBuiltinESMExports()
}

/** @param {string} file */
const readCa = file => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(
      `SENDBOX_CA names ${file}, which cannot be read: set the environment anew by "sendbox env", or run the command by "sendbox run"`,
      { cause: error },
    )
  }
}

const { SENDBOX_URL: url, SENDBOX_CA: file } = process.env
if (url && file) intercept(new URL(url), readCa(file))
