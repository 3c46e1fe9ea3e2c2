/** A regular expression, and where it stands. */
export interface PatternPlace {
  source: string
  flags: string
  place: string
}
