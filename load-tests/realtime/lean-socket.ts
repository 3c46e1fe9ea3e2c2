import { WebSocket } from 'ws'

export interface LeanSocketOptions {
  /** Where the gateway answers, as http://host:port. */
  url: string
  namespace: string
  /** What the handshake sends to log in. */
  auth: object
  /** An address of this machine to come from. */
  from: string
  /** Called with the name and the arguments of each event, as JSON, and never parsed here. */
  onEvent: (json: string) => void
  onClosed: () => void
}

export interface LeanSocket {
  /** Sends an event and resolves with the first argument of its acknowledgement. */
  ask: (event: string, argument: object) => Promise<unknown>
  close: () => void
}

/**
 * A socket.io client of a few hundred bytes, for thousands of them in one process: websocket only, text only, and no
 * connecting again. Speaks https://socket.io/docs/v4/socket-io-protocol/ over engine.io 4. Resolves when the server has let it in.
 */
export function openLeanSocket(options: LeanSocketOptions): Promise<LeanSocket> {
  const { url, namespace, auth, from, onEvent, onClosed } = options
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    localAddress: from,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  })
  const asked = new Map<string, (answer: unknown) => void>()
  const lean: LeanSocket = {
    ask(event, argument) {
      const id = String(asked.size + 1)
      socket.send(`42${namespace},${id}${JSON.stringify([event, argument])}`)
      return new Promise((resolve) => asked.set(id, resolve))
    },
    close: () => socket.terminate(),
  }

  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.once('close', (code) => {
      reject(new Error(`the gateway closed a connection (${code})`))
      onClosed()
    })
    socket.on('message', (data) => {
      const packet = (data as Buffer).toString()
      if (packet === '2') return socket.send('3')
      if (packet.startsWith('0')) return socket.send(`40${namespace},${JSON.stringify(auth)}`)
      const body = packet.slice(packet.indexOf(',') + 1)
      const [, kind] = packet
      if (kind === '2') return onEvent(body)
      if (kind === '0') return resolve(lean)
      if (kind === '3') {
        const at = body.indexOf('[')
        const [answer] = JSON.parse(body.slice(at)) as unknown[]
        asked.get(body.slice(0, at))?.(answer)
        return
      }
      reject(new Error(`refused: ${packet}`))
      socket.terminate()
    })
  })
}
