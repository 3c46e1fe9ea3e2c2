/** What clocks of a time zone show at a moment, as the International Components for Unicode know it and not as Postgres does. */
export interface LocalTime {
  date: string
  hour: number
  /** When the hour began that the clocks show, in microseconds since 1970. */
  hourStartedAt: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  formats.set(timeZone, format)
  return format
}

/** @param at microseconds since 1970 */
export function localTime(at: number, timeZone: string): LocalTime {
  const milliseconds = Math.floor(at / 1000)
  const parts = formatOf(timeZone).formatToParts(milliseconds)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((found) => found.type === type)?.value ?? ''
  const intoHour = (Number(part('minute')) * 60 + Number(part('second'))) * 1_000_000 + (at % 1_000_000)
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    hour: Number(part('hour')),
    hourStartedAt: at - intoHour,
  }
}

/** Microseconds since 1970 of a time as Postgres writes it in ISO 8601. */
export function microseconds(text: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? []
  return Date.parse(text.replace(/\.\d+/, '')) * 1000 + Number(fraction.padEnd(6, '0'))
}
