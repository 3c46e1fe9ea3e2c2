import type { Following } from './listeners.ts'

/** One thing that listeners follow together, on one subscription. */
export interface Followed<Listener> {
  add: (listener: Listener) => void
  /** Returns whether no listener is left. */
  remove: (listener: Listener) => boolean
  /** Subscribes on a connection that was just made. */
  connected: () => void
  /** Removes all listeners. */
  end: () => void
}

/** What is followed of one sort (orders, feeds or dashboards), by id. */
export interface Registry<Listener, One, Options> {
  get: (id: string) => One | undefined
  ids: () => string[]
  all: () => Iterable<One>
  follow: (id: string, listener: Listener, options: Options) => Following
  end: () => void
}

export interface RegistryOptions<One, Options> {
  /** Makes sure that there will be a connection. Returns whether there is one. */
  connect: () => boolean
  make: (id: string, parts: { options: Options; onRefused: () => void }) => One
  /** Called when the last listener has left. */
  leave: (id: string) => void
}

/** Keeps what is followed by id: the first listener of an id subscribes, the last one unsubscribes. */
export function createRegistry<Listener, One extends Followed<Listener>, Options>({
  connect,
  make,
  leave,
}: RegistryOptions<One, Options>): Registry<Listener, One, Options> {
  const followed = new Map<string, One>()

  function begin(id: string, options: Options): One {
    const one = make(id, { options, onRefused: () => followed.delete(id) })
    followed.set(id, one)
    return one
  }

  return {
    get: (id) => followed.get(id),
    ids: () => [...followed.keys()],
    all: () => followed.values(),
    follow(id, listener, options) {
      const isConnected = connect()
      const known = followed.get(id)
      const one = known ?? begin(id, options)
      one.add(listener)
      if (!known && isConnected) one.connected()
      return {
        stop() {
          if (!one.remove(listener) || followed.get(id) !== one) return
          followed.delete(id)
          leave(id)
        },
      }
    },
    end() {
      for (const one of followed.values()) one.end()
      followed.clear()
    },
  }
}
