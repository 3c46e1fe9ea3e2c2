export { accessErrors } from './access.errors.ts'
export { type AccessTokens, createAccessTokens } from './access-tokens.ts'
export { type KnownAboutPerson, passwordWeakness } from './password-weakness.ts'
export { hashPassword, verifyPassword } from './passwords.ts'
export { createRefreshToken, hashRefreshToken } from './refresh-tokens.ts'
export {
  type Caller,
  hasRole,
  highestRole,
  type MemberRole,
  manages,
  mayReadOrder,
  memberRoles,
  type Role,
  roles,
  worksAt,
} from './roles.ts'
