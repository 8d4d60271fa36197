import { ClientError, type FailedCall } from './client-error.ts'

/** Why a file cannot be sent. */
export type FileFault = 'unreadable' | 'too-large' | 'unknown-type' | 'refused-type' | 'preview'

/**
 * A file cannot be read or exceeds a limit, so nothing was sent; never retryable. Rules: PUB-4,
 * PUB-5.
 */
export class FileRefusedError extends ClientError {
  readonly code = 'FILE_REFUSED' as const
  readonly fault: FileFault

  constructor(
    call: FailedCall,
    { fault, said, cause }: { fault: FileFault; said: string; cause?: unknown },
  ) {
    super(`${call.purpose} failed: ${said}`, call, {
      isRetryable: false,
      didNotAct: true,
      ...(cause !== undefined && { cause }),
    })
    this.fault = fault
  }
}
