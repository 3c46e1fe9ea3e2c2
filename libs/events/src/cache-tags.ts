/**
 * What cached answers depend on and what changes outdate, by names that all services agree on. Edits of people outdate
 * the catalogue, orders only its stock, so that a product that sells out leaves hours and lists of cafeterias as they are.
 */
export const cacheTags = {
  /** All that customers see of a cafeteria, except for what orders use up. */
  catalogue: (cafeteriaId: string) => `catalogue:${cafeteriaId.toLowerCase()}`,
  /** What customers see of any cafeteria, for answers about more than one of them. */
  everyCatalogue: 'catalogue',
  /** How much there is of the products of a cafeteria. */
  stock: (cafeteriaId: string) => `stock:${cafeteriaId.toLowerCase()}`,
  /** How much there is of the products of any cafeteria. */
  everyStock: 'stock',
  /** Which products of any cafeteria are sold out. */
  everyAvailability: 'availability',
  /** What customers order most at a cafeteria. */
  topProducts: (cafeteriaId: string) => `top-products:${cafeteriaId.toLowerCase()}`,
  /** The orders of a customer, without their payments. */
  customer: (userId: string) => `customer:${userId}`,
  /** What happened at a cafeteria, as its managers see it: kept for minutes, and outdated by nobody. */
  analytics: (cafeteriaId: string) => `analytics:${cafeteriaId.toLowerCase()}`,
  /** The dashboards of a cafeteria, which the worker outdates when their numbers change, once a second at most. */
  dashboard: (cafeteriaId: string) => `dashboard:${cafeteriaId.toLowerCase()}`,
  /** What happened at any cafeteria, for answers about more than one of them. */
  everyAnalytics: 'analytics',
  /** What is configured for the whole installation. */
  settings: 'settings',
}
