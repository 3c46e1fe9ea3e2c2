import { accessErrors } from './access.errors.ts'

/** Whom a task is for, and when nobody waits for it any more. */
export interface TaskOwner {
  /** Tasks of the same client stand in one queue, and the queues take turns. */
  client: string
  /** Aborted when the client has left: a task that has not begun is dropped. */
  signal: AbortSignal | undefined
}

/** Bounds how many tasks run at once and how many wait. */
export interface Gate {
  /**
   * Runs the task when it is its client's turn and there is room.
   * @throws what `refuse` makes when too many are waiting; `client_left` when the client leaves before the task begins
   */
  run: <T>(task: () => Promise<T>, owner: TaskOwner) => Promise<T>
}

interface Waiting {
  begin: () => void
  refuse: () => void
}

/**
 * Every client has a queue of its own, first come first served, and the queues take turns, so that one that asks for much
 * waits for itself. When too many wait, the last of the longest queue is refused. Among queues that are equally long it is
 * the one whose turn would come last.
 * @param options.running how many tasks may run at once, at least 1
 * @param options.waiting how many more may wait
 * @param options.refuse makes the error for a task beyond both
 */
export function createGate(options: { running: number; waiting: number; refuse: () => Error }): Gate {
  let running = 0
  let waiting = 0
  /** In the order of their turns; none is empty. */
  const queues = new Map<string, Waiting[]>()

  function remove(client: string, entry: Waiting): void {
    const queue = queues.get(client) ?? []
    const at = queue.indexOf(entry)
    if (at === -1) return
    queue.splice(at, 1)
    waiting -= 1
    if (queue.length === 0) queues.delete(client)
  }

  function refuseOne(): void {
    const [client, longest] = [...queues].reduce((most, other) =>
      other[1].length >= most[1].length ? other : most,
    )
    const last = longest.at(-1) as Waiting
    remove(client, last)
    last.refuse()
  }

  function wait({ client, signal }: TaskOwner): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        remove(client, entry)
        reject(accessErrors.client_left())
      }
      const stopListening = () => signal?.removeEventListener('abort', leave)
      const entry: Waiting = {
        begin: () => {
          stopListening()
          resolve()
        },
        refuse: () => {
          stopListening()
          reject(options.refuse())
        },
      }
      signal?.addEventListener('abort', leave, { once: true })
      const queue = queues.get(client)
      if (queue === undefined) queues.set(client, [entry])
      else queue.push(entry)
      waiting += 1
      if (waiting > options.waiting) refuseOne()
    })
  }

  /** Whoever finishes hands its place over, so `running` does not change then. */
  function next(): void {
    const [turn] = queues
    if (turn === undefined) {
      running -= 1
      return
    }
    const [client, queue] = turn
    const entry = queue[0] as Waiting
    remove(client, entry)
    // The client's next turn comes after those of all others.
    if (queues.delete(client)) queues.set(client, queue)
    entry.begin()
  }

  return {
    async run(task, owner) {
      if (owner.signal?.aborted) throw accessErrors.client_left()
      if (running >= options.running) await wait(owner)
      else running += 1
      try {
        return await task()
      } finally {
        next()
      }
    },
  }
}
