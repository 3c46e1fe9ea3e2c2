// The few packets of engine.io 4 and socket.io 5 that this needs, so that it runs from a ConfigMap without packages.
const namespace = '/orders'

/** Connects as the owner of the token; resolves when the gateway has let it in. */
export async function listen(url, token, signal) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const heard = []
  const waiting = new Set()
  const entered = Promise.withResolvers()
  const broken = (reason) => {
    const error = new Error(reason)
    entered.reject(error)
    for (const { reject } of waiting) reject(error)
  }
  socket.addEventListener('error', () => broken('the socket failed'))
  socket.addEventListener('close', ({ code }) => broken(`the socket was closed (${code})`))
  signal.addEventListener('abort', () => broken('too late'))
  socket.addEventListener('message', ({ data }) => {
    if (data.startsWith('0')) socket.send(`40${namespace},${JSON.stringify({ token })}`)
    else if (data === '2') socket.send('3')
    else if (data.startsWith(`40${namespace}`)) entered.resolve()
    else if (data.startsWith(`44${namespace}`)) broken(`refused: ${data}`)
    else if (data.startsWith(`42${namespace}`)) {
      heard.push(data)
      for (const { id, resolve } of waiting) if (data.includes(id)) resolve()
    }
  })
  await entered.promise
  return {
    async heardOf(id) {
      if (heard.some((message) => message.includes(id))) return
      const { promise, resolve, reject } = Promise.withResolvers()
      waiting.add({ id, resolve, reject })
      await promise
    },
    close: () => socket.close(),
  }
}
