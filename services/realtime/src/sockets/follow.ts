import { socketErrors } from './sockets.errors.ts'
import type { ClientSocket } from './sockets.ts'

export interface Follow {
  /**
   * Joins a room before the state is read, so that nothing is lost in between, and leaves it when reading fails. The caller must
   * be allowed to be in the room.
   * @throws AppError too_many_subscriptions, and what `read` throws
   */
  follow: <State>(socket: ClientSocket, room: string, read: () => Promise<State>) => Promise<State>
  leave: (socket: ClientSocket, room: string) => Promise<object>
}

export function createFollow(mostRooms: number): Follow {
  return {
    async follow(socket, room, read) {
      const followed = socket.rooms.has(room)
      if (!followed && socket.rooms.size >= mostRooms) throw socketErrors.too_many_subscriptions()
      await socket.join(room)
      try {
        return await read()
      } catch (error) {
        if (!followed) await socket.leave(room)
        throw error
      }
    },
    async leave(socket, room) {
      await socket.leave(room)
      return {}
    },
  }
}
