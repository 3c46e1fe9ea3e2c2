import { createHash, randomInt } from 'node:crypto'

/** The letters and digits of pick-up codes, of which none is mistaken for another. */
const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const length = 8

/** What a code looks like, in any case. */
export const codePattern = `^[0-9A-Za-z]{${length}}$`

/**
 * A new code, and the hash under which it is stored. It has 40 random bits: short enough to be read out, and whoever guesses at the
 * limit of requests all the time that an invitation stands hits it once in a million invitations.
 */
export function createInvitationCode(): { code: string; hash: Buffer } {
  const code = Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
  return { code, hash: hashInvitationCode(code) }
}

/** SHA-256 of a code as it was typed. */
export function hashInvitationCode(code: string): Buffer {
  return createHash('sha256').update(code.toUpperCase()).digest()
}
