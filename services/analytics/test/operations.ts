/** Every operation of the service that reads numbers, with a path that a test can call. */
export const paths = (cafeteriaId: string): Record<string, string> => {
  const cafeteria = `/v1/analytics/cafeterias/${cafeteriaId}`
  return {
    getOverview: `/v1/analytics/dashboard?cafeteriaIds=${cafeteriaId}`,
    getDashboard: `${cafeteria}/dashboard`,
    getSummaryOfCafeteria: `${cafeteria}/summary`,
    getVisits: `${cafeteria}/sessions`,
    getTimeline: `${cafeteria}/timeline`,
    getProductsSold: `${cafeteria}/products`,
    getOrdersByStatus: `${cafeteria}/statuses`,
    getPaymentOutcomes: `${cafeteria}/payments`,
    getPreparationTimes: `${cafeteria}/preparation`,
    getKeptPromises: `${cafeteria}/promises`,
    getNewAndReturningCustomers: `${cafeteria}/customers`,
    getPickupKinds: `${cafeteria}/pickup-kinds`,
  }
}
