export interface SeedSettings {
  url: string
  /** The value of NODE_ENV. */
  environment: string | undefined
  /** The demo accounts' password. */
  password: string
  /** How many orders of history to make; 0 for none. */
  orders: number
}

const mostOrders = 10_000_000
const leastPasswordLength = 8

/** Reads the settings of the command from its environment. @throws Error with one sentence about what is wrong */
export function readSettings(env: NodeJS.ProcessEnv): SeedSettings {
  const { DATABASE_URL: url, NODE_ENV: environment, DEMO_PASSWORD, ORDERS } = env
  if (!url) throw new Error('DATABASE_URL is missing: it says which database to seed.')
  const orders = ORDERS ? Number(ORDERS) : 0
  if (ORDERS && (!/^\d+$/.test(ORDERS) || orders > mostOrders)) {
    throw new Error(
      `ORDERS is how many orders of history to make, a whole number from 0 to ${mostOrders}, not "${ORDERS}".`,
    )
  }
  if (orders > 0 && environment === 'production') {
    throw new Error('ORDERS makes up orders and money, so it is refused when NODE_ENV is production.')
  }
  const password = DEMO_PASSWORD || 'comanda-demo'
  if (password.length < leastPasswordLength) {
    throw new Error(`DEMO_PASSWORD needs at least ${leastPasswordLength} characters.`)
  }
  return { url, environment, password, orders }
}
