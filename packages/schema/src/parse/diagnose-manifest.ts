import { webhookEventTypes } from '../events/event-types.ts'
import { AppInstallManifestSchema, type WebhooksSchema } from '../notifications/app-install.ts'
import { fieldsOf, isRecord, type Schema } from './locate.ts'
import { nearestName } from './nearest-word.ts'
import { alternatives, createProblem, type Diagnostic, type Path } from './problem.ts'

const capabilitiesSchema = AppInstallManifestSchema.shape.capabilities.unwrap()
const webhooksSchema: typeof WebhooksSchema = capabilitiesSchema.shape.webhooks.unwrap()
const entrySchema = webhooksSchema.shape['ms.MessagingEventNotification.ContentEvent'].unwrap()
const headerSchema = entrySchema.shape.headers.unwrap().element
const retrySchema = webhooksSchema.shape.retry.unwrap()

/** Reports one name that has no effect; its value, which may be a secret, is not shown. */
const toDiagnostic = (path: Path, name: string, expected: string, hint?: string): Diagnostic =>
  createProblem({ path: [...path, name], expected, received: name, rule: 'WH-1.2', hint })

const suggest = (name: string, known: readonly string[]): string | undefined => {
  const nearest = nearestName(name, known)
  return nearest && `did you mean "${nearest}"?`
}

/** Reports the fields of an object that its schema does not name. */
function unknownFields(value: unknown, schema: Schema, path: Path): Diagnostic[] {
  const known = fieldsOf(schema)
  return Object.keys(isRecord(value) ? value : {})
    .filter(name => !known.includes(name))
    .map(name => toDiagnostic(path, name, alternatives(known), suggest(name, known)))
}

/** The nearest webhook type, however far it is: by the name's end, by its letters, else by the events. */
function diagnoseType(name: string, path: Path): Diagnostic | undefined {
  if (fieldsOf(webhooksSchema).includes(name)) return undefined
  const isRetry = /^\W*retr/i.test(name) || suggest(name, ['retry']) !== undefined
  return isRetry
    ? toDiagnostic(path, name, 'retry', 'did you mean "retry"?')
    : toDiagnostic(
        path,
        name,
        alternatives(webhookEventTypes),
        `it never fires; ${suggest(name, webhookEventTypes) ?? 'no type is like it'}`,
      )
}

function diagnoseWebhooks(webhooks: unknown, path: Path): Diagnostic[] {
  return Object.entries(isRecord(webhooks) ? webhooks : {}).flatMap(([name, entry]) => {
    if (name === 'retry') return unknownFields(entry, retrySchema, [...path, name])
    const type = diagnoseType(name, path)
    if (type) return [type]
    const headers: unknown = isRecord(entry) ? entry['headers'] : undefined
    return [
      ...unknownFields(entry, entrySchema, [...path, name]),
      ...(Array.isArray(headers) ? headers : []).flatMap((header: unknown, index) =>
        unknownFields(header, headerSchema, [...path, name, 'headers', index]),
      ),
    ]
  })
}

/**
 * Reports what a valid manifest says about webhooks without an effect: event types that never fire, misspelt or misplaced fields.
 * Values, which may be secrets, are not shown. Rule: WH-1.
 *
 * @example
 * ```ts
 * import { diagnoseManifest } from '@sendbox/schema'
 *
 * const webhooks = { 'ms.MessagingEventNotification.ContntEvent': { endpoint: 'https://example.com' } }
 * const [diagnostic] = diagnoseManifest({ capabilities: { webhooks } })
 * console.log(diagnostic?.message.includes('ms.MessagingEventNotification.ContentEvent')) // true
 * ```
 */
export function diagnoseManifest(manifest: unknown): Diagnostic[] {
  if (!isRecord(manifest)) return []
  const { capabilities } = manifest
  const misplaced = Object.keys(manifest).flatMap(name => {
    if (name === 'capabilities') return []
    if (nearestName(name, ['webhooks']))
      return [toDiagnostic([], name, 'webhooks inside of capabilities')]
    return nearestName(name, ['capabilities'])
      ? [toDiagnostic([], name, 'capabilities', 'did you mean "capabilities"?')]
      : []
  })
  const misspelt = Object.keys(isRecord(capabilities) ? capabilities : {})
    .filter(name => name !== 'webhooks' && nearestName(name, ['webhooks']))
    .map(name => toDiagnostic(['capabilities'], name, 'webhooks', 'did you mean "webhooks"?'))
  const webhooks = isRecord(capabilities) ? capabilities['webhooks'] : undefined
  return [...misplaced, ...misspelt, ...diagnoseWebhooks(webhooks, ['capabilities', 'webhooks'])]
}
