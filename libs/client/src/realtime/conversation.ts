import type { Refused } from '@comanda/events'
import { type BackoffLimits, backoff } from './backoff.ts'
import type { Link } from './link.ts'
import { isFinal } from './refusals.ts'
import type { SendLimiter } from './send-limiter.ts'
import type { Timers } from './timers.ts'

/** What came of a question: an answer, a final refusal, or `lost` when the connection was lost or the answer is not wanted any more. */
export type AskOutcome<Answer> = { ok: true; answer: Answer } | Refused | 'lost'

export interface Conversation {
  /**
   * Asks until there is an answer, a refusal that asking again does not cure, or no connection. Questions are sent in the
   * order of the calls, no faster than a gateway allows.
   */
  ask: <Answer extends object>(
    event: string,
    wish: object,
    wanted: () => boolean,
  ) => Promise<AskOutcome<Answer>>
  /** Sends a message whose answer does not matter, after those before it, unless the connection is lost first. */
  say: (event: string, wish: object) => void
  /** Notes that there is a new connection, on which nothing was asked yet. */
  begin: () => void
}

const answerMilliseconds = 10_000

/** Asks a gateway over one link, and again after a back-off when it does not answer within 10 s or refuses for the moment. */
export function createConversation(
  link: Link,
  { limiter, timers, backoff: limits }: { limiter: SendLimiter; timers: Timers; backoff: BackoffLimits },
): Conversation {
  let connection = 0
  const { socket } = link

  async function ask<Answer extends object>(
    event: string,
    wish: object,
    wanted: () => boolean,
  ): Promise<AskOutcome<Answer>> {
    const mine = connection
    const isLost = () => mine !== connection || link.state() !== 'connected' || !wanted()
    for (let failures = 0; ; failures += 1) {
      await limiter.acquire(() => !isLost())
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
      void limiter.acquire(wanted).then(() => {
        if (wanted()) socket.emit(event, wish, () => {})
      })
    },
    begin() {
      connection += 1
    },
  }
}
