import type { ChildProcess } from 'node:child_process'

/** Resolves to the next message of a forked process; rejects when the process ends first, so that a test does not wait for it for ever. */
export function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message as Message)
    })
    child.once('exit', ended)
    function ended(code: number | null, signal: string | null) {
      reject(new Error(`the process ended before its message, with ${code ?? signal}`))
    }
  })
}
