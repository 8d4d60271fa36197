export type {
  ControlAnswer,
  ControlCall,
  ControlInput,
  ControlOperationId,
} from './control-client/call.ts'
export {
  type ConnectOptions,
  connectMockServer,
  type RemoteMockServer,
} from './control-client/connect-mock-server.ts'
export { ControlError, type ControlProblem } from './control-client/control-error.ts'
export type { EventStream, EventsOptions, StreamedEvent } from './control-client/events.ts'
export type { RemoteAccount } from './control-client/remote-account.ts'
