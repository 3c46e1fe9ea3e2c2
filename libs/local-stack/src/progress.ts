/** Receives one line for every step that takes noticeable time. */
export type Say = (line: string) => void

/** Prints to standard output, the steps being what the user asked to see. */
export const sayOnTerminal: Say = (line) => console.log(`  ${line}`)

/** Prints nothing. */
export const saySilently: Say = () => {}

/** Announces a step before it starts and says how long it took when it was slow. */
export async function step<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  say(what)
  const startedAt = performance.now()
  const result = await work()
  const seconds = (performance.now() - startedAt) / 1000
  if (seconds > 1) say(`  done in ${seconds.toFixed(1)} s`)
  return result
}
