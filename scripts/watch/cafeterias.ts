import { type CafeteriaSummary, listCafeterias, type RestClient } from '../../libs/client/src/rest/index.ts'

export type Cafeteria = Required<Pick<CafeteriaSummary, 'id' | 'slug' | 'name' | 'timeZone'>>

/**
 * The cafeteria with this slug, name or id, or the first where the user works.
 * @throws Error that names those there are; ProblemError when the list is refused
 */
export async function chooseCafeteria(rest: RestClient, wanted: string | undefined): Promise<Cafeteria> {
  const { data: page } = await listCafeterias({ client: rest.client, query: { limit: 100 } })
  // Entries are complete when no `fields` were asked for.
  const cafeterias = page.data as Cafeteria[]
  const user = rest.user()
  const workplaces = new Set(user?.memberships.map(({ cafeteriaId }) => cafeteriaId))
  const known = cafeterias.filter(({ id }) => user?.role === 'admin' || workplaces.has(id))
  const found = known.find(({ id, slug, name }) => !wanted || [id, slug, name].includes(wanted))
  if (found) return found
  const slugs = known.map(({ slug }) => slug).join(', ') || 'none'
  throw new Error(`There is no such cafeteria where this account works. CAFETERIA can be: ${slugs}.`)
}
