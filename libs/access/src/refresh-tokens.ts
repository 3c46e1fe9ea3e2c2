import { createHash, randomBytes } from 'node:crypto'

/** A new refresh token of 256 random bits (43 characters, base64url), and the hash under which it is stored. */
export function createRefreshToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashRefreshToken(token) }
}

/** SHA-256. A fast hash is enough: 256 random bits cannot be guessed, whatever a guess costs. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
