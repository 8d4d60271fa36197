import { type KeptValue, keepValue } from './keep-value.ts'

/** The ConsumerJWS of each consumer, by ext_consumer_id. */
export interface ConsumerJwsSource {
  get(extConsumerId: string): Promise<string>
}

/**
 * Keeps what it fetches, as a ConsumerJWS never expires, for at most `capacity` consumers: the
 * oldest leaves first. Rule: AUTH-4.
 */
export function createConsumerJwsSource(
  fetchConsumerJws: (extConsumerId: string) => Promise<string>,
  capacity = 10_000,
): ConsumerJwsSource {
  const kept = new Map<string, KeptValue<string>>()

  const add = (extConsumerId: string): KeptValue<string> => {
    const oldest = kept.keys().next()
    if (kept.size >= capacity && !oldest.done) kept.delete(oldest.value)
    const value = keepValue(() => fetchConsumerJws(extConsumerId))
    kept.set(extConsumerId, value)
    return value
  }

  return {
    get: extConsumerId => (kept.get(extConsumerId) ?? add(extConsumerId)).get(),
  }
}
