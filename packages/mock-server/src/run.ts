export { speakTls, type TlsPort, type TlsPortOptions } from './app/tls-port.ts'
export { connectorEnvironment, type Environment } from './run/environment.ts'
