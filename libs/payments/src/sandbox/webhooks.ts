import { setTimeout as delay } from 'node:timers/promises'
import { signatureHeader, signWebhook } from '../webhook-signature.ts'
import type { SandboxEvent } from './protocol.ts'

export interface WebhookSender {
  /** Delivers one message; resolves true on a 2xx, false when it gave up or was closed. */
  deliver: (event: SandboxEvent) => Promise<boolean>
  /** Ends every delivery under way. */
  close: () => void
}

const mostAttempts = 12
const longestPauseMilliseconds = 60_000

/** Sends signed messages to one URL, and repeats each with exponential back-off until it is taken or was tried 12 times. */
export function createWebhookSender(options: {
  url: string
  secret: string
  retryMilliseconds: number
}): WebhookSender {
  const closing = new AbortController()

  async function post(event: SandboxEvent): Promise<boolean> {
    const body = Buffer.from(JSON.stringify(event))
    const headers = {
      'content-type': 'application/json',
      [signatureHeader]: signWebhook(options.secret, body),
    }
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(5_000)])
    try {
      const response = await fetch(options.url, { method: 'POST', headers, body, signal })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }

  return {
    async deliver(event) {
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        if (await post(event)) return true
        const pause = Math.min(longestPauseMilliseconds, options.retryMilliseconds * 2 ** attempt)
        await delay(pause, undefined, { signal: closing.signal, ref: false }).catch(() => {})
        if (closing.signal.aborted) return false
      }
      return false
    },
    close: () => closing.abort(),
  }
}
