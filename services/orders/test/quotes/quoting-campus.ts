import { zoneAtNoon } from '@comanda/service/testing'
import type { Test } from 'tap'
import { addCafeteria, addProduct } from '../builders.ts'
import { startCampusApp } from '../orders/campus-app.ts'

/** Starts the orders API over a small campus, with a way to ask for quotes. */
export async function startQuotingCampus(t: Test) {
  const campus = await startCampusApp(t)
  const db = campus.database.primary
  return {
    ...campus,
    db,
    /** Asks for a quote, as the customer of the campus unless somebody else is named. */
    quote: (body: object, caller = campus.campus.customer.caller) =>
      campus.call({ method: 'POST', url: '/v1/quotes', headers: campus.as(caller), payload: body }),
    /** Opens a kitchen with one cook, and what to ask for there: two of a product for 1 peso that takes five minutes. */
    async openKitchen() {
      const { id: cafeteriaId } = await addCafeteria(db, {
        timeZone: zoneAtNoon,
        cooks: 1,
        slotCapacityOrders: 1000,
      })
      const product = await addProduct(db, { cafeteriaId, makeSeconds: 300, priceCents: 100 })
      const items = [{ productId: product.id, quantity: 2 }]
      return { product, asked: { cafeteriaId, items, pickup: 'asap' } }
    },
  }
}

/** How many seconds one moment is after another. */
export const secondsFrom = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 1000)
