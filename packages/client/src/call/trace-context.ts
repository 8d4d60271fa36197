/** The header fields of W3C Trace Context. */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string | undefined
}

/** Version ff and ids of zeros alone are malformed, too. */
const traceparentPattern = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/
const tracestatePattern = /^[\x20-\x7e]{1,512}$/

/** Header names and values in turn; as W3C says, none for a context that is malformed. */
export function toTraceHeaders(context: TraceContext | undefined): string[] {
  if (context === undefined || !traceparentPattern.test(context.traceparent)) return []
  const { traceparent, tracestate } = context
  return tracestate !== undefined && tracestatePattern.test(tracestate)
    ? ['traceparent', traceparent, 'tracestate', tracestate]
    : ['traceparent', traceparent]
}
