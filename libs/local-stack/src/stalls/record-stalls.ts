import { appendFileSync } from 'node:fs'

// Imported into a process of Node by `recordStalls`. For each time at which the event loop did not turn for a while, it appends a line of
// JSON to the file that the query of its URL names.

/** How often the loop is looked at. A stall is reported as up to this much longer than it was. */
const everyMilliseconds = 5
const leastMilliseconds = 20

const file = new URL(import.meta.url).searchParams.get('file')
if (file === null)
  throw new Error('The query of the URL names the file for the stalls of this process: ?file=…')

let turnedAt = performance.now()
let used = process.threadCpuUsage()

function look(): void {
  const now = performance.now()
  const { user, system } = process.threadCpuUsage(used)
  const waited = now - turnedAt
  if (waited > everyMilliseconds + leastMilliseconds) {
    const stall = { at: Date.now(), busyMilliseconds: (user + system) / 1000, waitedMilliseconds: waited }
    appendFileSync(file as string, `${JSON.stringify(stall)}\n`)
  }
  // Whatever was appended is not the service's own work.
  turnedAt = performance.now()
  used = process.threadCpuUsage()
}

setInterval(look, everyMilliseconds).unref()
