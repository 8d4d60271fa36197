/** Header fields of W3C Trace Context. */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string | undefined
}

/** Version ff and all-zero ids are invalid, too. */
const traceparentPattern = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/
const tracestatePattern = /^[\x20-\x7e]{1,512}$/

/** Header names and values in turn; empty for a malformed context, as W3C requires. */
export function toTraceHeaders(context: TraceContext | undefined): string[] {
  if (context === undefined || !traceparentPattern.test(context.traceparent)) return []
  const { traceparent, tracestate } = context
  return tracestate !== undefined && tracestatePattern.test(tracestate)
    ? ['traceparent', traceparent, 'tracestate', tracestate]
    : ['traceparent', traceparent]
}
