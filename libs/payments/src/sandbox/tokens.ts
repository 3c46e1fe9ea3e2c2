/** How an authorisation with a token goes. */
export interface Behaviour {
  status: 'authorized' | 'declined' | 'pending'
  declineCode?: string
  /** The answer comes after any sensible deadline; what it would have said has happened all the same. */
  answersLate?: boolean
  /** What is decided about a pending authorisation after a while, and sent by webhook. */
  decision?: Decision
}

export interface Decision {
  approved: boolean
  /** twice: the same message again; out_of_order: an older message (still pending) comes after it. */
  delivery: 'once' | 'twice' | 'out_of_order'
}

const behaviours: Record<string, Behaviour> = {
  tok_ok: { status: 'authorized' },
  tok_declined: { status: 'declined', declineCode: 'card_declined' },
  tok_timeout: { status: 'authorized', answersLate: true },
  tok_late: { status: 'pending', decision: { approved: true, delivery: 'once' } },
  tok_late_twice: { status: 'pending', decision: { approved: true, delivery: 'twice' } },
  tok_late_out_of_order: { status: 'pending', decision: { approved: true, delivery: 'out_of_order' } },
  tok_late_declined: { status: 'pending', decision: { approved: false, delivery: 'once' } },
}

/** How the sandbox treats a token; an unknown one is declined as `invalid_token`. */
export function behaviourOf(token: string): Behaviour {
  return behaviours[token] ?? { status: 'declined', declineCode: 'invalid_token' }
}
