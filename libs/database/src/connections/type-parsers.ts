import pg from 'pg'

const timestamptz = 1184
const date = 1082
const int8 = 20
const numeric = 1700

/** `2026-11-22 18:45:35.123+00` as ISO 8601, to the microsecond and without a Date: the way to_jsonb writes it too. */
function isoTimestamp(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11)}:00`
}

const parsers = new Map<number, (text: string) => unknown>([
  [timestamptz, isoTimestamp],
  [date, (text) => text],
  [int8, Number],
  [numeric, Number],
])

type GetTypeParser = (oid: number, format?: 'text' | 'binary') => (text: string) => unknown
const builtIn = pg.types.getTypeParser as GetTypeParser

/** How the columns of a result become JavaScript values: dates and times stay text, big integers and numerics are numbers. */
export const typeParsers: { getTypeParser: GetTypeParser } = {
  getTypeParser: (oid, format) => parsers.get(oid) ?? builtIn(oid, format),
}
