import { memberRoles, roles } from '@comanda/access'
import { refTo } from '@comanda/service'
import { Instant, linePattern, OptionalBody, TypedEmail, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

const Name = Type.String({ maxLength: 100, pattern: linePattern })
const Locale = Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$', description: 'As in `es` or `es-MX`' })
const NewPassword = Type.String({ minLength: 8, maxLength: 128 })
const Password = Type.String({ minLength: 1, maxLength: 128 })
const RefreshToken = Type.String({ minLength: 1, maxLength: 100 })

export const User = Type.Object(
  {
    id: Uuid,
    email: Type.String(),
    name: Type.String(),
    locale: Type.String(),
    role: Type.Enum(roles, { description: 'The highest held anywhere' }),
    memberships: Type.Array(Type.Object({ cafeteriaId: Uuid, role: Type.Enum(memberRoles) })),
    createdAt: Instant,
  },
  { $id: 'User' },
)
export type User = Static<typeof User>

export const SignedIn = Type.Object(
  {
    user: refTo(User),
    accessToken: Type.String({ description: 'For `Authorization: Bearer …`' }),
    refreshToken: Type.String({ description: 'For one refresh, which answers the next one' }),
    expiresIn: Type.Integer({ description: 'Seconds that the access token is valid' }),
  },
  { $id: 'SignedIn' },
)
export type SignedIn = Static<typeof SignedIn>

export const Register = Type.Object(
  {
    email: TypedEmail,
    password: NewPassword,
    name: Type.Optional(
      Type.String({ ...Name, description: 'By default what stands before the @ of the email address' }),
    ),
    locale: Type.Optional(Locale),
  },
  { $id: 'Register', additionalProperties: false },
)
export type Register = Static<typeof Register>

export const Login = Type.Object(
  { email: TypedEmail, password: Password },
  { $id: 'Login', additionalProperties: false },
)
export type Login = Static<typeof Login>

export const Refresh = Type.Object(
  { refreshToken: RefreshToken },
  { $id: 'Refresh', additionalProperties: false },
)

const Logout = Type.Object(
  { refreshToken: Type.Optional(RefreshToken) },
  { $id: 'Logout', additionalProperties: false },
)
export const LogoutBody = OptionalBody(refTo(Logout))

export const UpdateMe = Type.Object(
  { name: Type.Optional(Name), locale: Type.Optional(Locale) },
  { $id: 'UpdateMe', additionalProperties: false, minProperties: 1 },
)
export type UpdateMe = Static<typeof UpdateMe>

export const ChangePassword = Type.Object(
  { currentPassword: Password, newPassword: NewPassword },
  { $id: 'ChangePassword', additionalProperties: false },
)
export type ChangePassword = Static<typeof ChangePassword>

export const accountSchemas = [User, SignedIn, Register, Login, Refresh, Logout, UpdateMe, ChangePassword]
