// For the types of what k6 has without an import: open and __ENV.
import 'k6'
import { SharedArray } from 'k6/data'
import type { World } from '../profiles/world.ts'

/** Reads the world from the file that WORLD names. Customers are many, and kept once for all virtual users. */
export function readWorld(): World {
  const file = __ENV['WORLD']
  if (!file)
    throw new Error(
      'WORLD must name a file, which `make load-10-users` and the others write before they start k6.',
    )
  const read = () => JSON.parse(open(file)) as World
  const customers = new SharedArray('customers', () => [...read().customers])
  return { ...read(), customers }
}
