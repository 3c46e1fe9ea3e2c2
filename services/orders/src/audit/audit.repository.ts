import type { Schema } from '@comanda/database'
import type { Transaction } from 'kysely'
import type { Editor } from './editor.ts'

/** A record of what a user did to something. */
export interface AuditEntry {
  /** `<subject>.<what was done>`, as in `product.update`. */
  action: string
  subjectType: string
  subjectId: string
  /** The cafeteria whose managers may read the entry; null for what belongs to none. */
  cafeteriaId: string | null
  /** Null when it did not exist. */
  before: object | null
  /** Null when it was deleted. */
  after: object | null
}

/** Asks for a transaction because an entry is only true together with the change it describes. */
export async function insertAuditEntry(
  tx: Transaction<Schema>,
  { caller, requestId }: Editor,
  { before, after, ...entry }: AuditEntry,
): Promise<void> {
  await tx
    .insertInto('auditLog')
    .values({
      ...entry,
      actorId: caller.userId,
      requestId,
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    })
    .execute()
}
