import { callListener } from './call-listener.ts'
import type { AskOutcome } from './conversation.ts'
import type { Followed } from './registry.ts'

export interface StateListener<State> {
  onState: (state: State) => void
  onRefused: (code: string) => void
}

export interface FollowedState<State> extends Followed<StateListener<State>> {
  /** Takes a state that has come, if it is newer than the one that is known. */
  accept: (state: State) => void
}

/** Follows something whose newest state is all there is to know: whatever is lost, the next state makes up for it. */
export function followedState<State>(options: {
  subscribe: (wanted: () => boolean) => Promise<AskOutcome<State>>
  isNewer: (state: State, known: State) => boolean
  onRefused: () => void
}): FollowedState<State> {
  const { subscribe, isNewer, onRefused } = options
  const listeners = new Set<StateListener<State>>()
  let newest: { state: State } | undefined

  function accept(state: State): void {
    if (newest && !isNewer(state, newest.state)) return
    newest = { state }
    for (const listener of listeners) callListener(() => listener.onState(state))
  }

  async function connected(): Promise<void> {
    const outcome = await subscribe(() => listeners.size > 0)
    if (outcome === 'lost') return
    // A message may have come before the acknowledgement, with a newer state.
    if (outcome.ok) return accept(outcome.answer)
    onRefused()
    for (const listener of listeners) callListener(() => listener.onRefused(outcome.code))
    listeners.clear()
  }

  return {
    add(listener) {
      listeners.add(listener)
      const known = newest
      if (known) callListener(() => listener.onState(known.state))
    },
    remove(listener) {
      listeners.delete(listener)
      return listeners.size === 0
    },
    connected: () => void connected(),
    end: () => listeners.clear(),
    accept,
  }
}
