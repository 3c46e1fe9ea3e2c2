import { type TSchema, type TStringOptions, Type } from 'typebox'

/** A keyword of ours: the schema of what stands between the commas. */
export const commaSeparatedKeyword = 'x-comma-separated'

/**
 * A parameter of a query that holds several values, as in `status=placed,ready`. Its handler gets the text as it came; the
 * document says that it is a list of these items, so that generated clients take an array and write it with commas.
 */
export function commaSeparated(items: TSchema, options: TStringOptions) {
  return Type.String({ ...options, [commaSeparatedKeyword]: items })
}
