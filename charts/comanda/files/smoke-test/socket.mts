// The few packets of engine.io 4 and socket.io 5 that this needs, so that it runs from a ConfigMap without packages.
const namespace = '/orders'

export interface Listener {
  /** Resolves when anything was said that names the id, before the call or after; rejects when the socket ends. */
  heardOf: (id: string) => Promise<void>
  close: () => void
}

/** Connects as the owner of the token; resolves when the gateway has let it in. */
export async function listen(url: string, token: string, signal: AbortSignal): Promise<Listener> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const heard: string[] = []
  const entered = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<never>()
  // Nobody may be waiting when it ends.
  ended.promise.catch(() => {})
  let more = Promise.withResolvers<void>()

  socket.addEventListener('error', () => ended.reject(new Error('the socket failed')))
  socket.addEventListener('close', ({ code }) => ended.reject(new Error(`the socket was closed (${code})`)))
  signal.addEventListener('abort', () => ended.reject(new Error('too late')))
  socket.addEventListener('message', ({ data }) => {
    const packet = String(data)
    if (packet.startsWith('0')) socket.send(`40${namespace},${JSON.stringify({ token })}`)
    else if (packet === '2') socket.send('3')
    else if (packet.startsWith(`40${namespace}`)) entered.resolve()
    else if (packet.startsWith(`44${namespace}`)) ended.reject(new Error(`refused: ${packet}`))
    else if (packet.startsWith(`42${namespace}`)) {
      heard.push(packet)
      more.resolve()
      more = Promise.withResolvers()
    }
  })
  await Promise.race([entered.promise, ended.promise])
  return {
    heardOf: async (id) => {
      while (!heard.some((packet) => packet.includes(id))) await Promise.race([more.promise, ended.promise])
    },
    close: () => socket.close(),
  }
}
