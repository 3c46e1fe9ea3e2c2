import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { AcknowledgedOrder, Device } from '../profiles/device.ts'
import { openNamespace, socketAddress } from '../profiles/socket-io.ts'
import type { HttpClient } from './http-client.ts'
import type { Recorder } from './recorder.ts'

export interface DeviceOptions {
  gatewayUrl: string
  http: HttpClient
  recorder: Recorder
  onAcknowledged?: (order: AcknowledgedOrder) => void
}

/**
 * Makes the devices of our own runner, one for each action.
 * @returns a function of the moment at which the action's first request is due, by performance.now(): the time of that request counts
 * from there, so that neither a fleet nor a generator that stalls is flattered by what was not asked meanwhile
 */
export function createDevices(options: DeviceOptions): (dueAt: number) => Device {
  const { gatewayUrl, http, recorder, onAcknowledged = null } = options
  return (dueAt) => {
    let due: number | null = dueAt
    return {
      async send(request) {
        const begun = performance.now()
        const since = due ?? begun
        due = null
        recorder.late(begun - since)
        const answer = await http.send(request)
        recorder.answered(request, answer, performance.now() - since)
        return answer
      },
      async openSocket(wish) {
        return openNamespace(
          wish,
          ({ onText, onClosed }) => {
            const socket = new WebSocket(socketAddress(gatewayUrl), { perMessageDeflate: false })
            socket.on('message', (data) => onText((data as Buffer).toString()))
            socket.on('error', (error) => onClosed(error.message))
            socket.on('close', (code) => onClosed(`closed with ${code}`))
            return { send: (text) => socket.send(text), close: () => socket.terminate() }
          },
          () => recorder.count('sockets_lost'),
        )
      },
      async pause(seconds) {
        await wait(seconds * 1000)
      },
      random: Math.random,
      newKey: randomUUID,
      count: recorder.count,
      recordEventDelay: recorder.eventShown,
      onAcknowledged,
    }
  }
}
