import { randomUUID } from 'node:crypto'
import { hashPassword } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { currency } from '../campus/cafeterias.ts'
import { stableId } from '../stable-id.ts'

export const historyCustomers = 2000
/** The user numbers of history's people: the kitchen's is the first, its customers follow. */
const firstUser = 1_000_000

/** The id of the person who did everything that staff did. */
export const historyStaffId = stableId('user', firstUser)

/** The SQL expression of the id of customer `index`, 1 to `historyCustomers`. */
export function historyCustomerId(index: ReturnType<typeof sql>) {
  const pattern = stableId('user', 0).slice(0, 24)
  return sql`(${sql.lit(pattern)} || lpad((${sql.lit(firstUser)} + ${index})::text, 12, '0'))::uuid`
}

const firstNames =
  'Ana Luis María José Fernanda Diego Valeria Carlos Sofía Jorge Daniela Miguel Regina Alejandro Ximena Ricardo Paola Emilio Renata Iván'
const lastNames =
  'Hernández García Martínez López González Pérez Rodríguez Sánchez Ramírez Cruz Flores Gómez Morales Vázquez Reyes Jiménez Torres Díaz'

/** Inserts the people of the history with empty wallets. Nobody can sign in as one of them: their password is thrown away. */
export async function insertHistoryCustomers(db: Kysely<Schema>, seed: number): Promise<void> {
  const hash = await hashPassword(randomUUID())
  const pick = (names: string, salt: number) => {
    const list = names.split(' ')
    return sql`(${list}::text[])[1 + abs(hashint8extended(n, ${sql.lit(seed * 10 + salt)}) % ${sql.lit(list.length)})]`
  }
  await sql`
    with people as (
      insert into users (id, email, name, password_hash, created_at)
      select ${historyCustomerId(sql`n`)}, 'historia-' || lpad(n::text, 4, '0') || '@comanda.test',
        case n when 0 then 'Equipo de cocina' else ${pick(firstNames, 1)} || ' ' || ${pick(lastNames, 2)} end,
        ${hash}, timestamptz '2024-08-01 08:00-06' + n * interval '1 minute'
      from generate_series(0, ${sql.lit(historyCustomers)}::bigint) n
      on conflict do nothing
      returning id
    )
    insert into accounts (id, kind, currency, balance_cents)
    select id, 'wallet', ${currency}, 0 from people where id <> ${historyStaffId}`.execute(db)
}
