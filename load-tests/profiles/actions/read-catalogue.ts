import { type Action, read } from './action.ts'

/** Opens the menu of a cafeteria. */
export const readMenu: Action = async (device, visitor) => {
  await read(device, visitor, 'getMenu', `/v1/cafeterias/${visitor.kitchen.cafeteriaId}/menu`)
}

/** Looks where to eat: the list, then the hours of one. */
export const findCafeteria: Action = async (device, visitor) => {
  await read(device, visitor, 'listCafeterias', '/v1/cafeterias')
  await read(device, visitor, 'getHours', `/v1/cafeterias/${visitor.kitchen.cafeteriaId}/hours`)
}

/** Looks when something can be picked up. */
export const readSlots: Action = async (device, visitor) => {
  await read(device, visitor, 'listSlots', `/v1/cafeterias/${visitor.kitchen.cafeteriaId}/slots`)
}

/** Looks what others like. */
export const readTopProducts: Action = async (device, visitor) => {
  const path = `/v1/cafeterias/${visitor.kitchen.cafeteriaId}/top-products`
  await read(device, visitor, 'getTopProducts', path)
}

/** Leafs through all that a cafeteria has, a hundred products on a page. */
export const readAllProducts: Action = async (device, visitor) => {
  const path = `/v1/products?cafeteriaId=${visitor.kitchen.cafeteriaId}&limit=100`
  await read(device, visitor, 'listProducts', path)
}

/** Compares the menus of every cafeteria, up to ten. */
export const compareMenus: Action = async (device, visitor) => {
  for (const { cafeteriaId } of visitor.world.kitchens.slice(0, 10))
    await read(device, visitor, 'getMenu', `/v1/cafeterias/${cafeteriaId}/menu`)
}
