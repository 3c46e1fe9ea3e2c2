/** Calls the application. What it throws becomes an uncaught error, so that nothing here is left half done. */
export function callListener(work: () => void): void {
  try {
    work()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
