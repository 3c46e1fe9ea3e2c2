import type { OpenSocket, SocketWish } from './device.ts'

/** A websocket as k6 and Node have it, reduced to text. */
export interface TextSocket {
  send: (text: string) => void
  close: () => void
}

/** What happens to a websocket. To be called by whoever opened it. */
export interface TextSocketEvents {
  onText: (text: string) => void
  onClosed: (reason: string) => void
}

/** The address of a gateway for websockets. @param gatewayUrl as http://host:port */
export const socketAddress = (gatewayUrl: string): string =>
  `${gatewayUrl.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`

/**
 * Logs in to a namespace over a websocket, with as much of https://socket.io/docs/v4/socket-io-protocol/ over engine.io 4 as that takes:
 * text only, one namespace, no connecting again. Resolves when the gateway has let it in, and rejects when it does not.
 * @param onLost called when the gateway closes a socket that it had let in
 */
export function openNamespace(
  { namespace, token, onEvent }: SocketWish,
  open: (events: TextSocketEvents) => TextSocket,
  onLost: () => void,
): Promise<OpenSocket> {
  const asked = new Map<string, (answer: unknown) => void>()
  let next = 1
  let state: 'opening' | 'open' | 'closed' = 'opening'

  return new Promise((resolve, reject) => {
    const socket = open({ onText, onClosed })
    const opened: OpenSocket = {
      ask(event, argument) {
        const id = String(next++)
        socket.send(`42${namespace},${id}${JSON.stringify([event, argument])}`)
        return new Promise((resolve) => void asked.set(id, resolve))
      },
      close() {
        state = 'closed'
        socket.close()
      },
    }

    function onClosed(reason: string): void {
      const before = state
      state = 'closed'
      if (before === 'opening') reject(new Error(`the gateway let nobody in: ${reason}`))
      if (before === 'open') onLost()
    }

    function onText(packet: string): void {
      const [kind, what] = packet
      if (kind === '2') return socket.send('3')
      if (kind === '0') return socket.send(`40${namespace},${JSON.stringify({ token })}`)
      if (kind !== '4') return
      const body = packet.slice(packet.indexOf(',') + 1)
      if (what === '0') {
        state = 'open'
        resolve(opened)
      } else if (what === '2') {
        const [name, payload] = JSON.parse(body) as [string, unknown]
        onEvent(name, payload)
      } else if (what === '3') {
        const from = body.indexOf('[')
        const id = body.slice(0, from)
        const [answer] = JSON.parse(body.slice(from)) as unknown[]
        asked.get(id)?.(answer)
        asked.delete(id)
      } else {
        // Refused (4), or sent away (1).
        onClosed(packet)
        socket.close()
      }
    }
  })
}
