import { type CafeteriaSeed, dish } from './menu.ts'

const taco = { modifierGroups: ['Tortilla', 'Salsa', 'Con todo'] }
const filled = { modifierGroups: ['Relleno', 'Salsa'] }
const drink = { modifierGroups: ['Tamaño', 'Endulzar'] }

/** The afternoon and evening: tacos and fresh drinks. */
export const terrace: CafeteriaSeed = {
  slug: 'terraza-ingenieria',
  name: 'Terraza de Ingeniería',
  description: 'Tacos, antojitos y aguas frescas al aire libre.',
  location: 'Facultad de Ingeniería, azotea',
  cooks: 3,
  slotMinutes: 10,
  slotCapacityOrders: 25,
  slotCapacityMakeSeconds: 5400,
  hours: {
    opening: { weekdays: ['11:00', '21:30'], saturday: ['12:00', '20:00'], sunday: ['12:00', '18:00'] },
    ordering: { weekdays: ['09:30', '21:00'], saturday: ['11:00', '19:30'], sunday: ['11:00', '17:30'] },
  },
  modifierGroups: {
    Tortilla: {
      least: 1,
      most: 1,
      options: [
        ['Maíz', 0],
        ['Harina', 300],
      ],
    },
    Salsa: {
      least: 0,
      most: 3,
      options: [
        ['Verde cruda', 0],
        ['Roja de árbol', 0],
        ['Guacamole', 600],
        ['Habanero', 0],
      ],
    },
    'Con todo': {
      least: 0,
      most: 3,
      options: [
        ['Cebolla', 0],
        ['Cilantro', 0],
        ['Piña', 0],
      ],
    },
    Relleno: {
      least: 1,
      most: 1,
      options: [
        ['Queso', 0],
        ['Champiñones', 400],
        ['Tinga de pollo', 800],
        ['Chicharrón prensado', 800],
      ],
    },
    Tamaño: {
      least: 0,
      most: 1,
      options: [
        ['Medio litro', 0],
        ['Un litro', 1400],
      ],
    },
    Endulzar: {
      least: 0,
      most: 1,
      options: [
        ['Sin azúcar', 0],
        ['Con miel', 500],
      ],
    },
  },
  categories: {
    'Tacos y antojitos': [
      dish('Orden de tacos al pastor', 'Cuatro piezas con piña.', 78, 240, '', 'gluten_free', taco),
      dish(
        'Orden de tacos de bistec',
        'Cuatro piezas con cebolla asada.',
        82,
        260,
        '',
        'gluten_free high_protein',
        taco,
      ),
      dish('Orden de tacos de suadero', 'Cuatro piezas.', 80, 260, '', 'gluten_free', taco),
      dish(
        'Orden de tacos de pollo',
        'Cuatro piezas, adobados.',
        74,
        240,
        '',
        'gluten_free high_protein',
        taco,
      ),
      dish(
        'Tacos de pescado estilo Baja',
        'Tres piezas, capeados, con col y aderezo.',
        98,
        360,
        'fish eggs gluten',
        '',
        { ...taco, stock: 40 },
      ),
      dish('Tacos de camarón', 'Tres piezas, al ajillo.', 112, 360, 'crustaceans milk', 'gluten_free', {
        ...taco,
        stock: 30,
      }),
      dish(
        'Tacos de nopal',
        'Cuatro piezas con queso panela.',
        66,
        220,
        'milk',
        'vegetarian gluten_free',
        taco,
      ),
      dish('Tacos de canasta', 'Cinco surtidos: papa, frijol y adobo.', 48, 60, '', 'gluten_free', {
        stock: 70,
      }),
      dish('Quesadilla', 'De maíz azul, hecha a mano.', 38, 180, 'milk', 'vegetarian gluten_free', filled),
      dish('Gordita', 'Dorada, con lechuga, crema y queso.', 42, 220, 'milk', 'gluten_free', filled),
      dish('Sope', 'Con frijoles, crema y queso fresco.', 40, 200, 'milk', 'gluten_free', filled),
      dish('Tlacoyo de frijol', 'Con nopales y queso.', 44, 220, 'milk', 'vegetarian gluten_free', {
        modifierGroups: ['Salsa'],
      }),
      dish('Torta de milanesa', 'Telera, aguacate, frijoles y chipotle.', 86, 300, 'gluten eggs milk', ''),
      dish(
        'Torta ahogada',
        'De carnitas, en salsa de jitomate y chile de árbol.',
        92,
        260,
        'gluten',
        'spicy',
        { stock: 35 },
      ),
      dish(
        'Esquites',
        'Con mayonesa, queso y chile piquín.',
        42,
        90,
        'milk eggs',
        'vegetarian gluten_free spicy',
      ),
      dish('Guacamole con totopos', 'Para compartir.', 72, 150, '', 'vegan gluten_free'),
      dish(
        'Elote preparado',
        'Entero, con mayonesa y queso.',
        38,
        90,
        'milk eggs',
        'vegetarian gluten_free',
        { stock: 45 },
      ),
    ],
    'Aguas y jugos': [
      dish('Agua de jamaica', 'Natural, de flor.', 28, 20, '', 'vegan gluten_free', drink),
      dish('Agua de horchata', 'De arroz con canela.', 30, 20, 'milk', 'vegetarian gluten_free', drink),
      dish('Agua de limón con chía', 'Recién exprimida.', 29, 30, '', 'vegan gluten_free', drink),
      dish('Jugo de naranja', 'Medio litro, al momento.', 42, 90, '', 'vegan gluten_free'),
      dish('Jugo verde', 'Nopal, apio, piña, perejil y naranja.', 46, 120, '', 'vegan gluten_free'),
      dish('Licuado de plátano', 'Con leche y canela.', 44, 120, 'milk', 'vegetarian gluten_free', {
        modifierGroups: ['Endulzar'],
      }),
      dish('Limonada mineral', 'Con agua mineral y hierbabuena.', 36, 60, '', 'vegan gluten_free', {
        modifierGroups: ['Endulzar'],
      }),
      dish('Tepache de la casa', 'De piña, fermentado tres días.', 38, 20, '', 'vegan gluten_free', {
        stock: 60,
      }),
    ],
  },
}
