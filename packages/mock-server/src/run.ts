export { connectorEnvironment, type Environment } from './run/environment.ts'
