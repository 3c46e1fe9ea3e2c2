import { type TObject, type TProperties, type TSchema, Type } from 'typebox'

/** The types of values in requests and answers. Their bounds keep a value within what its column and Postgres can store. */

export const Uuid = Type.String({ format: 'uuid' })
export const Instant = Type.String({ format: 'date-time' })

/** A moment in a request, with an offset that exists and without leap seconds. */
export const GivenInstant = Type.String({
  format: 'date-time',
  pattern:
    '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$',
})

export const LocalDate = Type.String({
  format: 'date',
  pattern: '^20[0-9]{2}-',
  description: 'A date where the cafeteria is',
})

const time = '([01][0-9]|2[0-3]):[0-5][0-9]'
export const LocalTime = Type.String({
  pattern: `^${time}$`,
  description: 'Where the cafeteria is, as in `08:30`',
})
export const ClosingTime = Type.String({
  pattern: `^(${time}|24:00)$`,
  description: 'Where the cafeteria is; `24:00` is the end of the day',
})

export const TimeZone = Type.String({
  maxLength: 60,
  // Postgres reads the sign of a bare offset the other way round, so only names will do.
  pattern: '^([A-Za-z][A-Za-z_]*(/[A-Za-z0-9_+-]+)+|UTC)$',
  description: 'A name of the IANA database, as in `America/Mexico_City`',
})

/*
 * Classes of characters are spelled out as ranges: generators of clients and of tests know neither `\p{Cc}`, and what `\s`
 * and `\d` mean differs between languages (to Python, `\d` is a digit of any script).
 */

/** The characters of `\s` in ECMAScript, without those that are control characters too. */
const visibleSpace = '\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'
/** The characters of `\s`, to be put between brackets. */
export const space = `\\u0009-\\u000d${visibleSpace}`
/** The characters of `\p{Cc}`, to be put between brackets. */
const control = '\\u0000-\\u001f\\u007f-\\u009f'

export const linePattern = `^[^${control}]*[^${control}${visibleSpace}][^${control}]*$`

/** One line with something in it. */
export const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: linePattern })

/** Text of several lines with something in it. */
export const Paragraph = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: `[^${space}]` })

/** Any text. */
export const Text = (maxLength: number) => Type.String({ maxLength })

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A body that need not be sent: Fastify hands an absent one to validation as null. */
export const OptionalBody = Nullable

export const Position = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'Where it stands among the others, lowest first',
})

/** All of a component or, with `fields`, some of it. */
export function partOf<P extends TProperties>(schema: TObject<P>, $id: string) {
  return Type.Object(Type.Partial(schema).properties, { $id })
}
