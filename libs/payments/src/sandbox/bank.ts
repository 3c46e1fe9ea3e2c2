import { randomUUID } from 'node:crypto'
import { openJournal } from './journal.ts'
import type { SandboxAuthorization, SandboxEvent } from './protocol.ts'
import { behaviourOf, type Decision } from './tokens.ts'

interface SandboxRefund {
  key: string
  authorizationKey: string
  reference: string
  amountCents: number
}

/** A pending authorisation that decides itself at a time (milliseconds since 1970). */
interface DueDecision {
  key: string
  at: number
  decision: Decision
}

type JournalEntry =
  | { authorization: SandboxAuthorization }
  | { refund: SandboxRefund }
  | { event: SandboxEvent }
  | { delivered: string }
  | { due: DueDecision }

/** The sandbox's memory: authorisations by key, refunds by key, and messages not delivered yet. */
export type Bank = ReturnType<typeof openBank>

/**
 * Opens the memory, and fills it from the journal.
 * @param journalPath a file of JSON lines; null keeps nothing beyond the process
 */
export function openBank(journalPath: string | null) {
  const journal = openJournal<JournalEntry>(journalPath)
  const authorizations = new Map<string, SandboxAuthorization>()
  const refunds = new Map<string, SandboxRefund>()
  const events = new Map<string, SandboxEvent>()
  const undelivered = new Set<string>()
  const due = new Map<string, DueDecision>()

  function apply(entry: JournalEntry): void {
    if ('authorization' in entry) authorizations.set(entry.authorization.key, entry.authorization)
    else if ('refund' in entry) refunds.set(entry.refund.key, entry.refund)
    else if ('due' in entry) due.set(entry.due.key, entry.due)
    else if ('delivered' in entry) undelivered.delete(entry.delivered)
    else {
      events.set(entry.event.id, entry.event)
      undelivered.add(entry.event.id)
    }
  }

  function write(entry: JournalEntry): void {
    journal.append(entry)
    apply(entry)
  }

  for (const entry of journal.read()) apply(entry)

  function change(
    authorization: SandboxAuthorization,
    changes: Partial<SandboxAuthorization>,
  ): SandboxAuthorization {
    const changed = { ...authorization, ...changes }
    write({ authorization: changed })
    return changed
  }

  function recordEvent(type: SandboxEvent['type'], authorization: SandboxAuthorization): SandboxEvent {
    const event = { id: `evt_${randomUUID()}`, type, createdAt: new Date().toISOString(), authorization }
    write({ event })
    return event
  }

  return {
    find: (key: string) => authorizations.get(key),
    findEvent: (id: string) => events.get(id),
    undelivered: () => [...undelivered].map((id) => events.get(id) as SandboxEvent),
    due: () => [...due.values()].filter(({ key }) => authorizations.get(key)?.status === 'pending'),
    markDelivered: (id: string) => write({ delivered: id }),

    authorize(
      key: string,
      request: { amountCents: number; currency: string; token: string },
    ): SandboxAuthorization {
      const { status, declineCode = null } = behaviourOf(request.token)
      const { amountCents, currency } = request
      const reference = `auth_${randomUUID()}`
      const authorization = { key, reference, status, declineCode, amountCents, currency, refundedCents: 0 }
      write({ authorization })
      return authorization
    },

    decideLater: (next: DueDecision) => write({ due: next }),

    /** Decides a pending authorisation. Returns the messages about it, oldest first; none when it was decided or voided before. */
    decide(key: string, approved: boolean): SandboxEvent[] {
      const pending = authorizations.get(key)
      if (pending?.status !== 'pending') return []
      const before = recordEvent('authorization.pending', pending)
      const decided = change(
        pending,
        approved ? { status: 'authorized' } : { status: 'declined', declineCode: 'card_declined' },
      )
      return [before, recordEvent(approved ? 'authorization.approved' : 'authorization.declined', decided)]
    },

    capture(authorization: SandboxAuthorization): SandboxAuthorization | undefined {
      if (authorization.status === 'captured') return authorization
      return authorization.status === 'authorized' ? change(authorization, { status: 'captured' }) : undefined
    },

    /**
     * Voids an authorisation; undefined when it was captured. A key that was never used becomes void too, so that a call
     * still on its way finds it so.
     */
    void(key: string): SandboxAuthorization | undefined {
      const known = authorizations.get(key)
      if (known?.status === 'captured') return undefined
      if (known) return known.status === 'declined' ? known : change(known, { status: 'voided' })
      const reference = `auth_${randomUUID()}`
      const authorization: SandboxAuthorization = {
        key,
        reference,
        status: 'voided',
        declineCode: null,
        amountCents: 0,
        currency: 'XXX',
        refundedCents: 0,
      }
      write({ authorization })
      return authorization
    },

    refund(authorization: SandboxAuthorization, key: string, amountCents: number): SandboxRefund | undefined {
      const known = refunds.get(key)
      if (known) return known
      const refundedCents = authorization.refundedCents + amountCents
      if (authorization.status !== 'captured' || refundedCents > authorization.amountCents) return undefined
      const refund = {
        key,
        authorizationKey: authorization.key,
        reference: `re_${randomUUID()}`,
        amountCents,
      }
      write({ refund })
      change(authorization, { refundedCents })
      return refund
    },
  }
}
