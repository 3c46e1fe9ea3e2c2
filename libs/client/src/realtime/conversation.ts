import { type BackoffLimits, backoff } from './backoff.ts'
import type { Link } from './link.ts'
import type { Pace } from './pace.ts'
import { isFinal } from './refusals.ts'
import type { Timers } from './timers.ts'

type Refused = { ok: false; code: string }

/** What came of a question: an answer, a refusal for good, or `lost` when the connection went or nobody wants it any more. */
export type Outcome<Answer> = { ok: true; answer: Answer } | Refused | 'lost'

export interface Conversation {
  /**
   * Asks until there is an answer, a refusal that asking again does not cure, or no connection. Questions leave in the order
   * of the calls, no faster than a gateway allows.
   */
  ask: <Answer extends object>(event: string, wish: object, wanted: () => boolean) => Promise<Outcome<Answer>>
  /** Says something whose answer does not matter, in its turn, unless the connection is lost before. */
  say: (event: string, wish: object) => void
  /** There is a new connection. */
  begin: () => void
}

const answerMilliseconds = 10_000

/** Questions to a gateway over one link. */
export function createConversation(
  link: Link,
  { pace, timers, backoff: limits }: { pace: Pace; timers: Timers; backoff: BackoffLimits },
): Conversation {
  let connection = 0
  const { socket } = link

  async function ask<Answer extends object>(
    event: string,
    wish: object,
    wanted: () => boolean,
  ): Promise<Outcome<Answer>> {
    const mine = connection
    const isLost = () => mine !== connection || link.state() !== 'connected' || !wanted()
    for (let failures = 0; ; failures += 1) {
      await pace.turn(() => !isLost())
      if (isLost()) return 'lost'
      try {
        const answer = (await socket.timeout(answerMilliseconds).emitWithAck(event, wish)) as
          | ({ ok: true } & Answer)
          | Refused
        if (isLost()) return 'lost'
        if (answer.ok) return { ok: true, answer }
        if (isFinal(answer.code)) return answer
      } catch {
        // No answer in time. Whether the connection lives is for the heartbeat to say.
      }
      if (isLost()) return 'lost'
      await timers.wait(backoff(failures, limits))
    }
  }

  return {
    ask,
    say(event, wish) {
      const mine = connection
      const wanted = () => mine === connection && link.state() === 'connected'
      void pace.turn(wanted).then(() => {
        if (wanted()) socket.emit(event, wish, () => {})
      })
    },
    begin() {
      connection += 1
    },
  }
}
