import type { BenchCampus } from '../campus.ts'
import type { PlannedRequest } from './wrk.ts'

/** Always the same, so that runs compare (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** How many of a thousand requests do what: nine in ten read the catalogue, most of the others their orders; one changes a menu. */
const shares = {
  menu: 620,
  cafeteria: 80,
  cafeterias: 60,
  hours: 50,
  categories: 40,
  config: 50,
  orders: 65,
  place: 34,
  edit: 1,
}
type RequestKind = keyof typeof shares

/** Requests of a lunch break in random order; cafeterias are asked for by Zipf's law: the second half as often as the first. */
export function standardMix(campus: BenchCampus, count: number): PlannedRequest[] {
  const random = randomNumbers(1)
  const kinds = Object.entries(shares) as [RequestKind, number][]
  const weights = campus.cafeteriaIds.map((_, rank) => 1 / (rank + 1))

  const total = weights.reduce((sum, weight) => sum + weight, 0)
  function cafeteria(): string {
    let left = random() * total
    const index = weights.findIndex((weight) => (left -= weight) < 0)
    return campus.cafeteriaIds.at(index) as string
  }
  function kind(): RequestKind {
    let left = random() * 1000
    return kinds.find(([, share]) => (left -= share) < 0)?.[0] ?? 'menu'
  }
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T

  function planned(): PlannedRequest {
    const get = (path: string, token?: string): PlannedRequest => ({
      method: 'GET',
      path,
      ...(token ? { token } : {}),
    })
    switch (kind()) {
      case 'menu':
        return get(`/v1/cafeterias/${cafeteria()}/menu`)
      case 'cafeteria':
        return get(`/v1/cafeterias/${cafeteria()}`)
      case 'cafeterias':
        return get('/v1/cafeterias')
      case 'hours':
        return get(`/v1/cafeterias/${cafeteria()}/hours`)
      case 'categories':
        return get(`/v1/categories?cafeteriaId=${cafeteria()}`)
      case 'config':
        return get('/v1/config')
      case 'orders':
        return get('/v1/orders', pick(campus.orders).token)
      case 'place':
        return pick(campus.orders)
      case 'edit': {
        const { token, productId } = pick(campus.staff)
        const body = { status: pick(['in_stock', 'out_of_stock']) }
        return { method: 'PUT', path: `/v1/products/${productId}/availability`, token, body }
      }
    }
  }
  return Array.from({ length: count }, planned)
}
