import { type RawData, type ServerOptions, type WebSocket, WebSocketServer } from 'ws'

/** Clients of socket.io send a message in one frame; a proxy may split it. */
const mostFragments = 64
/** The pieces in which a message may arrive. One of the largest size takes about a dozen packets of TCP. */
const mostChunks = 256
/** Browsers send no pings, proxies one in several seconds. */
const controlFramesPerSecond = 1
const mostControlFrames = 60
/** Answers to pings that the client has not read. One more than may come at once, so that who is closed learns why. */
const mostPendingPongs = mostControlFrames + 1
/** The time for a client to read why it is sent away, in milliseconds. */
const closingMilliseconds = 1000
const policyViolation = 1008

const bucketKey: unique symbol = Symbol('control frames')
type CountedWebSocket = WebSocket & { [bucketKey]?: { left: number; countedAt: number } }

/**
 * Makes the class of the server that socket.io accepts websockets with. It bounds what a client can make the process keep before
 * a message of socket.io exists: fragments, pieces of frames, and answers to pings.
 * @param onRefused called once for each websocket that is closed because of its control frames
 */
export function createBoundedWebSockets(onRefused: () => void): new (options: ServerOptions) => object {
  function count(this: CountedWebSocket, _data: RawData): void {
    const now = performance.now()
    this[bucketKey] ??= { left: mostControlFrames, countedAt: now }
    const bucket = this[bucketKey]
    const gained = ((now - bucket.countedAt) / 1000) * controlFramesPerSecond
    bucket.left = Math.min(mostControlFrames, bucket.left + gained) - 1
    bucket.countedAt = now
    if (bucket.left >= 0) return
    this.off('ping', count)
    this.off('pong', count)
    onRefused()
    closeSoon(this, 'too_many_control_frames')
  }

  return class BoundedWebSockets extends WebSocketServer {
    constructor(options: ServerOptions) {
      const bounds = {
        maxFragments: mostFragments,
        maxBufferedChunks: mostChunks,
        maxPendingAutoPongs: mostPendingPongs,
      }
      super({ ...options, ...bounds })
    }

    override handleUpgrade(
      ...[request, socket, head, done]: Parameters<WebSocketServer['handleUpgrade']>
    ): void {
      super.handleUpgrade(request, socket, head, (websocket, incoming) => {
        websocket.on('ping', count)
        websocket.on('pong', count)
        done(websocket, incoming)
      })
    }
  }
}

/** Closes a websocket with a reason, reads nothing more from it, and ends its connection a moment later even if the client reads nothing. */
export function closeSoon(websocket: WebSocket, reason: string): void {
  websocket.close(policyViolation, reason)
  websocket.pause()
  setTimeout(() => websocket.terminate(), closingMilliseconds).unref()
}
