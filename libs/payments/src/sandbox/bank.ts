import { randomUUID } from 'node:crypto'
import { openJournal } from './journal.ts'
import type { Authorization, Event } from './protocol.ts'
import { behaviourOf, type Decision } from './tokens.ts'

interface Refund {
  key: string
  authorizationKey: string
  reference: string
  amountCents: number
}

/** A pending authorisation that decides itself at a time (milliseconds since 1970). */
interface Due {
  key: string
  at: number
  decision: Decision
}

type Entry =
  | { authorization: Authorization }
  | { refund: Refund }
  | { event: Event }
  | { delivered: string }
  | { due: Due }

/** The sandbox's memory: authorisations by key, refunds by key, and messages not delivered yet. */
export type Bank = ReturnType<typeof openBank>

export function openBank(journalPath: string | null) {
  const journal = openJournal<Entry>(journalPath)
  const authorizations = new Map<string, Authorization>()
  const refunds = new Map<string, Refund>()
  const events = new Map<string, Event>()
  const undelivered = new Set<string>()
  const due = new Map<string, Due>()

  function apply(entry: Entry): void {
    if ('authorization' in entry) authorizations.set(entry.authorization.key, entry.authorization)
    else if ('refund' in entry) refunds.set(entry.refund.key, entry.refund)
    else if ('due' in entry) due.set(entry.due.key, entry.due)
    else if ('delivered' in entry) undelivered.delete(entry.delivered)
    else {
      events.set(entry.event.id, entry.event)
      undelivered.add(entry.event.id)
    }
  }

  function write(entry: Entry): void {
    journal.append(entry)
    apply(entry)
  }

  for (const entry of journal.read()) apply(entry)

  function change(authorization: Authorization, changes: Partial<Authorization>): Authorization {
    const changed = { ...authorization, ...changes }
    write({ authorization: changed })
    return changed
  }

  function recordEvent(type: Event['type'], authorization: Authorization): Event {
    const event = { id: `evt_${randomUUID()}`, type, createdAt: new Date().toISOString(), authorization }
    write({ event })
    return event
  }

  return {
    find: (key: string) => authorizations.get(key),
    findEvent: (id: string) => events.get(id),
    undelivered: () => [...undelivered].map((id) => events.get(id) as Event),
    due: () => [...due.values()].filter(({ key }) => authorizations.get(key)?.status === 'pending'),
    markDelivered: (id: string) => write({ delivered: id }),

    authorize(key: string, request: { amountCents: number; currency: string; token: string }): Authorization {
      const { status, declineCode = null } = behaviourOf(request.token)
      const { amountCents, currency } = request
      const reference = `auth_${randomUUID()}`
      const authorization = { key, reference, status, declineCode, amountCents, currency, refundedCents: 0 }
      write({ authorization })
      return authorization
    },

    decideLater: (next: Due) => write({ due: next }),

    /** The messages that tell of the decision, oldest first; none when it was decided or voided before. */
    decide(key: string, approved: boolean): Event[] {
      const pending = authorizations.get(key)
      if (pending?.status !== 'pending') return []
      const before = recordEvent('authorization.pending', pending)
      const decided = change(
        pending,
        approved ? { status: 'authorized' } : { status: 'declined', declineCode: 'card_declined' },
      )
      return [before, recordEvent(approved ? 'authorization.approved' : 'authorization.declined', decided)]
    },

    capture(authorization: Authorization): Authorization | undefined {
      if (authorization.status === 'captured') return authorization
      return authorization.status === 'authorized' ? change(authorization, { status: 'captured' }) : undefined
    },

    /** Also of a key that was never used: it stays void, so that a call still on its way finds it so. */
    void(key: string): Authorization | undefined {
      const known = authorizations.get(key)
      if (known?.status === 'captured') return undefined
      if (known) return known.status === 'declined' ? known : change(known, { status: 'voided' })
      const reference = `auth_${randomUUID()}`
      const authorization: Authorization = {
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

    refund(authorization: Authorization, key: string, amountCents: number): Refund | undefined {
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
