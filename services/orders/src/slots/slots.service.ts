import { worksAt } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import type { Editor } from '../audit/editor.ts'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { orderErrors } from '../orders/orders.errors.ts'
import { slotErrors } from './slots.errors.ts'
import { findSlot, findSlotsOfDate, reserveWalkIns } from './slots.repository.ts'
import type { Slot, SlotList, WalkIns } from './slots.schema.ts'

/**
 * Reads the slots of a date in the cafeteria's time zone, today's unless one is given. A replica may answer: what is left of a slot may be
 * gone a moment later anyway, and only placing an order decides.
 * @throws AppError cafeteria_not_found
 */
export async function readSlots(
  database: Database,
  cafeteriaId: string,
  date: string | undefined,
  options: ReadOptions,
): Promise<SlotList> {
  const day = await database.find(
    'catalogue',
    (db) => findSlotsOfDate(db, cafeteriaId, date ?? null),
    options,
  )
  if (!day) throw cafeteriaErrors.cafeteria_not_found()
  return { ...day, nextCursor: null }
}

/**
 * Counts people who order at the counter against a slot, never beyond its capacity.
 * @throws AppError slot_not_found, slot_closed, slot_full
 */
export async function addWalkIns(
  database: Database,
  editor: Editor,
  slotId: string,
  walkIns: WalkIns,
): Promise<Slot> {
  const getOwnSlot = async () => {
    const slot = await findSlot(database.primary, slotId)
    if (!slot || !worksAt(editor.caller, slot.cafeteriaId)) throw slotErrors.slot_not_found()
    return slot
  }
  await getOwnSlot()
  const reserved = await reserveWalkIns(database.primary, editor, slotId, walkIns)
  const { closed, ...slot } = await getOwnSlot()
  if (reserved) return slot
  if (closed) throw orderErrors.slot_closed()
  const { remainingOrders, remainingMakeSeconds } = slot
  throw orderErrors.slot_full(undefined, { extra: { remainingOrders, remainingMakeSeconds } })
}
