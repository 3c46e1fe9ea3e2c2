import { type Action, read } from './action.ts'

/** Looks how the last orders are doing, and opens the newest of them. */
export const readOrders: Action = async (device, visitor) => {
  const { body } = await read(device, visitor, 'listOrders', '/v1/orders?mine=true&limit=10')
  const newest = (body as { data?: { id: string }[] } | null)?.data?.[0]
  if (newest) await read(device, visitor, 'getOrder', `/v1/orders/${newest.id}`)
}

/** Opens the first screen of the application. */
export const readSummary: Action = async (device, visitor) => {
  await read(device, visitor, 'getSummary', '/v1/me/summary')
}

/** Looks how much money is left, and where it went. */
export const readWallet: Action = async (device, visitor) => {
  await read(device, visitor, 'getWallet', '/v1/wallet')
  await read(device, visitor, 'listTransactions', '/v1/transactions?limit=10')
}

/** Reads the history of orders and of money, a hundred on a page. */
export const readHistory: Action = async (device, visitor) => {
  await read(device, visitor, 'listOrders', '/v1/orders?mine=true&limit=100')
  await read(device, visitor, 'listTransactions', '/v1/transactions?limit=100')
}
