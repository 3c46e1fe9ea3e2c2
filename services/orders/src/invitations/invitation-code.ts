import { createHash, randomInt } from 'node:crypto'

/** The letters and digits of pick-up codes, of which none is mistaken for another. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const length = 8

/** What a code looks like, in any case. */
export const codePattern = `^[0-9A-Za-z]{${length}}$`

/**
 * A new code, and the hash under which it is stored. It has 40 random bits: short enough to be read out, and hard to guess. At the
 * default limit of 10 guesses a minute, the 14 days of an invitation allow 201,600 of 2^40, which hit one invitation in five million.
 */
export function createInvitationCode(): { code: string; hash: Buffer } {
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
  return { code, hash: hashInvitationCode(code) }
}

/** SHA-256 of a code as it was typed. */
export function hashInvitationCode(code: string): Buffer {
  return createHash('sha256').update(code.toUpperCase()).digest()
}
