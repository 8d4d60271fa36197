/** App install that a webhook is for, from headers that the signature does not cover. Rule: WH-2. */
export interface WebhookInstall {
  readonly accountId: string
  readonly clientId: string
}
