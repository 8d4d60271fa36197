/** The credentials of an app install that declares none. */
export const defaultCredentials = { clientId: 'sendbox-client', clientSecret: 'sendbox-secret' }
