import { type KeptValue, keepValue } from './single-flight.ts'

/** The ConsumerJWS of each consumer, by ext_consumer_id. */
export interface ConsumerJwsSource {
  /** The one that is kept. */
  peek(extConsumerId: string): string | undefined
  get(extConsumerId: string): Promise<string>
  /** Drops one that the service refused. */
  forget(extConsumerId: string, consumerJws: string): void
}

/**
 * Keeps what it fetches, as a ConsumerJWS never expires, for at most `capacity` consumers: who was
 * quiet the longest leaves first. Rule: AUTH-4.
 */
export function createConsumerJwsSource(
  fetchConsumerJws: (extConsumerId: string) => Promise<string>,
  capacity = 10_000,
): ConsumerJwsSource {
  // A Map keeps the order of insertion, so a value that is used is put in again.
  const kept = new Map<string, KeptValue<string>>()

  const use = (extConsumerId: string): KeptValue<string> | undefined => {
    const value = kept.get(extConsumerId)
    if (value === undefined) return undefined
    kept.delete(extConsumerId)
    kept.set(extConsumerId, value)
    return value
  }

  const add = (extConsumerId: string): KeptValue<string> => {
    const oldest = kept.keys().next()
    if (kept.size >= capacity && !oldest.done) kept.delete(oldest.value)
    const value = keepValue(() => fetchConsumerJws(extConsumerId))
    kept.set(extConsumerId, value)
    return value
  }

  return {
    peek: extConsumerId => use(extConsumerId)?.peek(),
    get: extConsumerId => (use(extConsumerId) ?? add(extConsumerId)).get(),
    forget: (extConsumerId, consumerJws) => kept.get(extConsumerId)?.forget(consumerJws),
  }
}
