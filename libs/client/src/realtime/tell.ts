/** Calls the application. What it throws is its own affair: an uncaught error, and nothing here is left half done. */
export function tell(work: () => void): void {
  try {
    work()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
