import type { ControlAnswer } from '@sendbox/mock-server/control'
import { call } from '../live/mock.ts'
import { createLive } from '../live/store.ts'

type DeliveryList = ControlAnswer<'listDeliveries'>
export type Delivery = DeliveryList['deliveries'][number]
export type Attempt = Delivery['attempts'][number]
export type Install = DeliveryList['installs'][number]

/** Deliveries that are listed, the newest ones. */
const shownDeliveries = 200

/** The newest deliveries of the account, oldest first, and how its installs are doing. */
export const deliveries = createLive({
  read: accountId => call('listDeliveries', { accountId, query: { limit: shownDeliveries } }),
  changesWith: ({ event }) => event === 'delivery' || event === 'clock',
})

/** The first app install of the account, with the endpoints of its manifest. */
export const appInstall = createLive({
  read: accountId => call('getAppInstall', { accountId }),
  changesWith: ({ event }) => event === 'delivery',
})

/** The short name of an event type. */
export const toShortType = (eventType: string): string => eventType.split('.').at(-1) ?? eventType

/** The tone of an attempt's outcome, which the stylesheet colours. */
export const toneOfOutcome = (outcome: Attempt['outcome']): string =>
  outcome === 200 || outcome === 201 ? 'fine' : 'refused'
