import type { Device, ProfileAnswer } from '../device.ts'
import type { Visitor } from '../world.ts'

/** Something that a user does between two pauses: one or a few requests. */
export type Action = (device: Device, visitor: Visitor) => Promise<void>

/** Reads as the visitor. @param operation the operation's id in the OpenAPI document */
export function read(
  device: Device,
  visitor: Visitor,
  operation: string,
  path: string,
): Promise<ProfileAnswer> {
  return device.send({ operation, method: 'GET', path, token: visitor.token, expected: [200] })
}
