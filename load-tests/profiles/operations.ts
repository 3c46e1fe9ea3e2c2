/** Every operation that a profile calls, by its id in the OpenAPI document: k6 reports only on what its thresholds name. */
export const operations = [
  'acceptOrder',
  'getHours',
  'getMenu',
  'getOrder',
  'getSummary',
  'getTopProducts',
  'getWallet',
  'listCafeterias',
  'listOrders',
  'listProducts',
  'listSlots',
  'listTransactions',
  'placeOrder',
  'quoteOrder',
  'readyOrder',
  'startOrder',
] as const
