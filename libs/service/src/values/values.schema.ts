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
 * Classes of characters are spelled out as ranges: generators of clients and of tests do not know `\p{Cc}`, and what `\s`
 * and `\d` mean differs between languages (to Python, `\d` is a digit of any script).
 *
 * Each pattern is matched in time that grows with the text only: a character alone decides what may follow it, so
 * nothing is tried twice. `make check` proves it.
 */

/** The characters of `\s` in ECMAScript, without those that are control characters too. */
const visibleSpace = '\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff'
/** The characters of `\s`, to be put between brackets. */
export const space = `\\u0009-\\u000d${visibleSpace}`
/** The characters of `\p{Cc}`, to be put between brackets. */
const control = '\\u0000-\\u001f\\u007f-\\u009f'
/** The control characters that text of several lines may not have: all but tabs and the ends of lines. */
const controlInText = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f'

export const linePattern = `^[${visibleSpace}]*[^${control}${visibleSpace}][^${control}]*$`
export const paragraphPattern = `^[\\u0009\\u000a\\u000d${visibleSpace}]*[^${control}${visibleSpace}][^${controlInText}]*$`
export const textPattern = `^[^${controlInText}]*$`

/** One line with something in it. */
export const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: linePattern })

/** Text of several lines with something in it. */
export const Paragraph = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: paragraphPattern })

/** Any text, also none; of control characters it may have tabs and ends of lines. */
export const Text = (maxLength: number) => Type.String({ maxLength, pattern: textPattern })

// Addresses are ASCII only (international domains as punycode): other characters can look alike, and lower-casing them differs
// between systems.
const address = '[!-?A-~]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+'
export const EmailAddress = Type.String({ maxLength: 254, pattern: `^${address}$` })
/** An address as people type it, perhaps with spaces around it. */
export const TypedEmail = Type.String({
  maxLength: 254,
  pattern: `^[${space}]*${address}[${space}]*$`,
  description: 'Without regard to case',
})

/** A typed address as it is stored, compared and counted: in lower case, without the spaces around it. */
export function normalizedEmail(typed: string): string {
  return typed.trim().toLowerCase()
}

/** One of some texts, which the document lists in this order. */
export const OneOf = <const T extends string>(values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)))

/** What a schema describes, or null. */
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
