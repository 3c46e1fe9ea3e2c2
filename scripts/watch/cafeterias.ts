import type { Api } from './api.ts'
import type { Session } from './session.ts'

export interface Cafeteria {
  id: string
  slug: string
  name: string
  timeZone: string
}

/**
 * The cafeteria with this slug, name or id, or the first where the user works.
 * @throws Error that names those there are
 */
export async function chooseCafeteria(
  api: Api,
  { user }: Session,
  wanted: string | undefined,
): Promise<Cafeteria> {
  const { data } = await api.get<{ data: Cafeteria[] }>(
    '/v1/cafeterias?limit=100&fields=id,slug,name,timeZone',
  )
  const workplaces = new Set(user.memberships.map(({ cafeteriaId }) => cafeteriaId))
  const known = data.filter(({ id }) => user.role === 'admin' || workplaces.has(id))
  const found = known.find(({ id, slug, name }) => !wanted || [id, slug, name].includes(wanted))
  if (found) return found
  const slugs = known.map(({ slug }) => slug).join(', ') || 'none'
  throw new Error(`There is no such cafeteria where this account works. CAFETERIA can be: ${slugs}.`)
}
