import type { SettingsInput } from '@sendbox/mock-server'

/** The paths of all settings, such as `domainApi.single`. */
type PathsOf<Value> = {
  [Name in keyof Value & string]-?: NonNullable<Value[Name]> extends readonly unknown[]
    ? Name
    : NonNullable<Value[Name]> extends object
      ? `${Name}.${PathsOf<NonNullable<Value[Name]>>}`
      : Name
}[keyof Value & string]

type ValueAt<Value, Path extends string> = Path extends `${infer Name}.${infer Rest}`
  ? ValueAt<NonNullable<Value[Name & keyof Value]>, Rest>
  : Exclude<Value[Path & keyof Value], undefined>

/** The settings that the rules of sections 1 to 5 name; those of webhooks have tests of their own. */
type SettingPath = Exclude<PathsOf<SettingsInput>, `webhooks.${string}`>

type ValuesOf<Value> = readonly [Value, ...Value[]]

/**
 * The values that rows must use: all of a setting that has a few, examples of one that has many.
 * A setting that is missing here is an error of the types, and so is a value ({@link MissingValue}).
 */
export const settingValues = {
  'domainApi.single': ['object', 'baseURIs', 'array'],
  'domainApi.hosts': ['asked', 'production'],
  'domainApi.trustProxy': [false, true],
  'domainApi.unknownAccounts': [[], ['1', '2']],
  'token.expiresIn': [false, true],
  'token.lifetimeSeconds': [60],
  agentLogin: ['loopback', 'everybody', 'nobody'],
  missingAppJwtErrorCode: [40105, 40104],
  missingClaimStatus: [400, 401],
  mode: ['as-service', 'strict'],
  'limits.fileBytes': [3_145_728, 5],
  'limits.previewCharacters': [30_720, 10],
  'limits.textLength': [2, null],
  'limits.jsonValues': [20],
  'limits.fileTypes': [['JPG', 'JPEG', 'PNG', 'GIF'], ['PDF']],
  'limits.requestsPerSecond': [2, 1, 0, null],
  transcriptEntries: [2, null],
  'journal.entries': [0, 1],
  'journal.totalBytes': [0],
  'events.entries': [1, 2],
  evidenceHeaders: [false, true],
  hintHeader: [false, true],
  magicValues: [false, true],
  minEvidence: ['documented', 'recorded', 'tolerated', 'assumed'],
  secondConversation: ['reject', 'reuse', 'allow'],
  survey: [false, true],
  'autoMessages.enabled': [false, true],
  'autoMessages.text': ['One moment, please.'],
  'errors.body': ['object', 'string'],
} as const satisfies { [Path in SettingPath]: ValuesOf<ValueAt<SettingsInput, Path>> }

type IsOpen<Value> = string extends Value ? true : number extends NonNullable<Value> ? true : false

type FewValuesAt<Path extends SettingPath> =
  ValueAt<SettingsInput, Path> extends infer Value
    ? [Value] extends [readonly unknown[]]
      ? never
      : IsOpen<Value> extends true
        ? never
        : Value
    : never

/** Each value that a setting with a few values has, and that {@link settingValues} lacks. */
export type MissingValue = {
  [Path in SettingPath]: Exclude<FewValuesAt<Path>, (typeof settingValues)[Path][number]>
}[SettingPath]
