/** The folder of a data folder that has its CA, which may be made before all else. */
export const caFolder = 'tls'
