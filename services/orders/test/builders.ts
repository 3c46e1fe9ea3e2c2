import { randomUUID } from 'node:crypto'
import { type Caller, highestRole, type MemberRole } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely'
import { createInvitationCode } from '#src/invitations/invitation-code.ts'

/**
 * Insert data for tests. Everything has a sensible default; a test passes only what it is about.
 */
type Db = Kysely<Schema>
type New<Table extends keyof Schema> = Partial<Insertable<Schema[Table]>>
type Row<Table extends keyof Schema> = Selectable<Schema[Table]>

/** Makes names unique in the database, as some must be. */
let count = 0
const numbered = (name: string) => `${name} ${(count += 1)}`

const everyDay = [1, 2, 3, 4, 5, 6, 7]

/**
 * Adds a cafeteria with many cooks that is open and takes orders around the clock, with slots for today and tomorrow (20 orders per quarter
 * of an hour, not limited by time). `slotDays: null` leaves the slots out.
 */
export async function addCafeteria(
  db: Db,
  { slotDays = 1, ...values }: New<'cafeterias'> & { slotDays?: number | null } = {},
): Promise<Row<'cafeterias'>> {
  const name = numbered('Cafeteria')
  const cafeteria = await db
    .insertInto('cafeterias')
    .values({
      slug: name.toLowerCase().replace(' ', '-'),
      name,
      timeZone: 'America/Mexico_City',
      currency: 'MXN',
      // Orders of other tests are hardly waited for.
      cooks: 100,
      ...values,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await db
    .insertInto('openingHours')
    .values(
      (['opening', 'ordering'] as const).flatMap((kind) =>
        everyDay.map((weekday) => ({
          cafeteriaId: cafeteria.id,
          kind,
          weekday,
          opens: '00:00',
          closes: '24:00',
        })),
      ),
    )
    .execute()
  if (slotDays !== null) await sql`select refresh_slots(${cafeteria.id}, ${slotDays})`.execute(db)
  return cafeteria
}

export function addCategory(
  db: Db,
  values: New<'categories'> & { cafeteriaId: string },
): Promise<Row<'categories'>> {
  return db
    .insertInto('categories')
    .values({ name: numbered('Category'), ...values })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Adds a product, in a new category unless one is given; its stock is not counted unless `stockQuantity` is given. */
export async function addProduct(
  db: Db,
  values: New<'products'> & { cafeteriaId: string },
): Promise<Row<'products'>> {
  const categoryId = values.categoryId ?? (await addCategory(db, { cafeteriaId: values.cafeteriaId })).id
  return db
    .insertInto('products')
    .values({ name: numbered('Product'), priceCents: 4500, makeSeconds: 60, ...values, categoryId })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface ModifierGroupWithModifiers extends Row<'modifierGroups'> {
  /** The modifiers in the order in which they were given. */
  modifiers: Row<'modifiers'>[]
}

/** Adds a group that the products offer; by default one of two modifiers may be chosen. */
export async function addModifierGroup(
  db: Db,
  {
    modifiers = [{ name: 'Oat milk', priceDeltaCents: 800 }, { name: 'Whole milk' }],
    productIds = [],
    ...values
  }: New<'modifierGroups'> & {
    cafeteriaId: string
    productIds?: string[]
    modifiers?: New<'modifiers'>[]
  },
): Promise<ModifierGroupWithModifiers> {
  const group = await db
    .insertInto('modifierGroups')
    .values({ name: numbered('Group'), ...values })
    .returningAll()
    .executeTakeFirstOrThrow()
  const rows = await db
    .insertInto('modifiers')
    .values(
      modifiers.map((modifier, position) => ({
        name: numbered('Modifier'),
        position,
        ...modifier,
        groupId: group.id,
      })),
    )
    .returningAll()
    .execute()
  for (const productId of productIds) {
    await db.insertInto('productModifierGroups').values({ productId, groupId: group.id }).execute()
  }
  return { ...group, modifiers: rows }
}

/** Adds a slot; by default an hour long, an hour from now, with room for 20 orders. */
export function addSlot(
  db: Db,
  values: New<'pickupSlots'> & { cafeteriaId: string },
): Promise<Row<'pickupSlots'>> {
  const startsAt = values.startsAt ?? new Date(Date.now() + 3_600_000).toISOString()
  const endsAt = new Date(Date.parse(startsAt) + 3_600_000).toISOString()
  return db
    .insertInto('pickupSlots')
    .values({ endsAt, capacityOrders: 20, ...values, startsAt })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** A hash as they are stored, that nobody knows a password for. */
const hashOfNoPassword = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

export interface TestUser extends Row<'users'> {
  /** What their access token says. */
  caller: Caller
}

/**
 * Adds a user with one session. They cannot log in with a password; sign a token for `caller` instead.
 * `balanceCents` opens a wallet, in MXN.
 */
export async function addUser(
  db: Db,
  {
    memberships = {},
    balanceCents,
    ...values
  }: New<'users'> & { memberships?: Record<string, MemberRole>; balanceCents?: number } = {},
): Promise<TestUser> {
  const name = numbered('User')
  const user = await db
    .insertInto('users')
    .values({ name, email: `${randomUUID()}@comanda.test`, passwordHash: hashOfNoPassword, ...values })
    .returningAll()
    .executeTakeFirstOrThrow()
  const session = await db
    .insertInto('sessions')
    .values({ userId: user.id, expiresAt: new Date(Date.now() + 86_400_000).toISOString() })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [cafeteriaId, role] of Object.entries(memberships)) {
    await db.insertInto('memberships').values({ userId: user.id, cafeteriaId, role }).execute()
  }
  if (balanceCents !== undefined) {
    await db
      .insertInto('accounts')
      .values({ id: user.id, kind: 'wallet', currency: 'MXN', balanceCents })
      .execute()
  }
  const role = highestRole(user.isAdmin, Object.values(memberships))
  return { ...user, caller: { userId: user.id, sessionId: session.id, role, memberships } }
}

/** Adds an invitation as staff, by a new administrator and of nobody in particular unless given; its code too. */
export async function addInvitation(
  db: Db,
  values: New<'invitations'> & { cafeteriaId: string },
): Promise<Row<'invitations'> & { code: string }> {
  const { code, hash } = createInvitationCode()
  const invitation = await db
    .insertInto('invitations')
    .values({
      email: `${randomUUID()}@comanda.test`,
      role: 'staff',
      codeHash: hash,
      expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      ...values,
      invitedBy: values.invitedBy ?? (await addUser(db, { isAdmin: true })).id,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...invitation, code }
}

/** Adds a cafeteria with a product, and a user in every role, from which most tests start. */
export async function addCampus(db: Db) {
  const cafeteria = await addCafeteria(db)
  const category = await addCategory(db, { cafeteriaId: cafeteria.id })
  const product = await addProduct(db, { cafeteriaId: cafeteria.id, categoryId: category.id })
  return {
    cafeteria,
    category,
    product,
    customer: await addUser(db, { balanceCents: 100_000 }),
    staff: await addUser(db, { memberships: { [cafeteria.id]: 'staff' } }),
    manager: await addUser(db, { memberships: { [cafeteria.id]: 'manager' } }),
    admin: await addUser(db, { isAdmin: true }),
  }
}
