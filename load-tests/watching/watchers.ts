import { createRealtimeClient, type FeedBoard, type RealtimeClient } from '@comanda/client/realtime'

export interface WatcherOptions {
  /** Where the balancer in front of the gateways answers. */
  gatewayUrl: string
  ordersUrl: string
  token: string
}

/** Somebody's screen: what it shows, as versions by order. */
export interface Watcher {
  client: RealtimeClient
  /** Whether it knows of nothing that it misses. */
  isCurrent: () => boolean
  /** What it knows of itself, for who wonders why it is wrong. */
  about: () => string
  versionOf: (orderId: string) => number
}

export interface Phone extends Watcher {
  follow: (orderId: string) => void
  /** Orders that it follows. */
  orderIds: ReadonlySet<string>
}

export interface Screen extends Watcher {
  cafeteriaId: string
  /** Numbers of the events that were delivered, as they came; `null` where some were passed over. */
  numbers: readonly (number | null)[]
}

function connect({ gatewayUrl, ordersUrl, token }: WatcherOptions): RealtimeClient {
  return createRealtimeClient({ url: gatewayUrl, apiUrl: ordersUrl, getAccessToken: async () => token })
}

function refuse(code: string): never {
  throw new Error(`a watcher was refused: ${code}`)
}

/** A customer who follows their own orders. */
export function openPhone(options: WatcherOptions): Phone {
  const client = connect(options)
  const versions = new Map<string, number>()
  const orderIds = new Set<string>()
  return {
    client,
    // Nobody connects before they follow something.
    isCurrent: () => orderIds.size === 0 || client.state() === 'connected',
    about: () => `a ${client.state()} phone`,
    orderIds,
    versionOf: (orderId) => versions.get(orderId) ?? 0,
    follow(orderId) {
      orderIds.add(orderId)
      client.followOrder(orderId, {
        onOrder({ id, version }) {
          if (version <= (versions.get(id) ?? 0))
            throw new Error(`a phone was shown version ${version} again`)
          versions.set(id, version)
        },
        onRefused: refuse,
      })
    },
  }
}

/** A kitchen's board. */
export function openScreen({ cafeteriaId, ...options }: WatcherOptions & { cafeteriaId: string }): Screen {
  const client = connect(options)
  const numbers: (number | null)[] = []
  let newest: FeedBoard | undefined
  client.followFeed(cafeteriaId, {
    onBoard: (board) => {
      newest = board
    },
    onEvents: (messages) => numbers.push(...messages.map(({ seq }) => seq)),
    onReset: () => numbers.push(null),
    onRefused: refuse,
  })
  return {
    client,
    cafeteriaId,
    numbers,
    isCurrent: () => newest?.current ?? false,
    about: () =>
      `a ${client.state()} screen at number ${newest?.seq} with ${newest?.orders.size} orders, ${newest?.current ? 'current' : 'catching up'},`,
    versionOf: (orderId) => newest?.orders.get(orderId)?.version ?? 0,
  }
}
