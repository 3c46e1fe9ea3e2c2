/** The rooms of sockets. No name has 20 characters, because the adapter would take it for the id of a socket. */
export const feedRoom = (cafeteriaId: string) => `feed:${cafeteriaId}`
export const orderRoom = (orderId: string) => `order:${orderId}`
export const customerRoom = (userId: string) => `customer:${userId}`
