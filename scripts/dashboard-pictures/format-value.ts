/** What follows a number of a unit of Grafana. */
const suffixes: Readonly<Record<string, string>> = {
  reqps: ' req/s',
  ops: ' ops/s',
  cps: ' c/s',
  binBps: 'B/s',
  bytes: 'B',
}

/** Whether 1024 of a unit are the next larger one. */
export const isBinary = (unit: string) => unit === 'bytes' || unit === 'binBps'

const digits = (most: number) => new Intl.NumberFormat('en', { maximumSignificantDigits: most })

/** A value as a panel writes it, with three significant digits. @param unit the name that Grafana has for it */
export function formatValue(value: number, unit: string): string {
  const three = digits(3)
  if (unit === 'percentunit') return `${three.format(value * 100)}%`
  if (unit === 's') return formatSeconds(value)
  const step = isBinary(unit) ? 1024 : 1000
  const prefixes = isBinary(unit) ? [' ', ' Ki', ' Mi', ' Gi', ' Ti'] : ['', 'k', 'M', 'G', 'T']
  const size = Math.abs(value) < step ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(step))
  const power = Math.min(size, prefixes.length - 1)
  return `${three.format(value / step ** power)}${prefixes[power]}${suffixes[unit] ?? ''}`
}

function formatSeconds(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || (size >= 1 && size < 100)) return `${digits(3).format(value)} s`
  if (size < 0.001) return `${digits(3).format(value * 1e6)} µs`
  if (size < 1) return `${digits(3).format(value * 1000)} ms`
  return size < 7200 ? `${digits(3).format(value / 60)} min` : `${digits(3).format(value / 3600)} h`
}
