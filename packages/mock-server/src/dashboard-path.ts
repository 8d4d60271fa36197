/** The path of the dashboard below the mock; the assets lie beside it. */
export const dashboardPath = '/__sendbox/ui/'
