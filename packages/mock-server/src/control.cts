// The types of dist/control.cjs, which vite.control.config.js writes over what tsc makes of this file.
import type * as control from './control.ts' with { 'resolution-mode': 'import' }

export type * from './control.ts' with { 'resolution-mode': 'import' }
export declare const connectMockServer: typeof control.connectMockServer
export declare const ControlError: typeof control.ControlError
export type ControlError = control.ControlError
