/** Every operation of the service that answers about one cafeteria or several at once, with a path that a test can call. */
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

/** Every report, likewise. */
export const reportPaths = (cafeteriaId: string): Record<string, string> => {
  const query = `cafeteriaId=${cafeteriaId}&from=2026-11-16&to=2026-11-24`
  return {
    getSalesReport: `/v1/reports/sales?${query}`,
    getProductsReport: `/v1/reports/products?${query}`,
    getPreparationReport: `/v1/reports/preparation?${query}`,
    getPromisesReport: `/v1/reports/promises?${query}`,
    getNoShowsReport: `/v1/reports/no-shows?${query}`,
    getRefundsReport: `/v1/reports/refunds?${query}`,
    exportOrders: `/v1/reports/orders?${query}`,
  }
}
