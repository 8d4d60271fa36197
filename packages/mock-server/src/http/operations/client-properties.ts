import { ClientPropertiesSchema } from '@sendbox/schema'
import type { Request } from 'express'

const none: readonly string[] = []

/** The features that the `Client-Properties` header names; one that cannot be read names none. Rule: REQ-6. */
export function readFeatures(request: Pick<Request, 'get'>): readonly string[] {
  const header = request.get('client-properties')
  if (header === undefined) return none
  try {
    const properties = ClientPropertiesSchema.safeParse(JSON.parse(header))
    return properties.data?.features ?? []
  } catch {
    return []
  }
}
