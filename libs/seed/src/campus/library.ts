import { type CafeteriaSeed, dish } from './menu.ts'

const always: CafeteriaSeed['hours']['opening'] = {
  weekdays: ['00:00', '24:00'],
  saturday: ['00:00', '24:00'],
  sunday: ['00:00', '24:00'],
}
const coffee = { modifierGroups: ['Tamaño', 'Leche', 'Extras'] }
const milkless = { modifierGroups: ['Tamaño', 'Extras'] }
const toasted = { modifierGroups: ['Pan'] }

/**
 * Open around the clock, with more places than anybody needs and nothing that must be chosen: whoever tries comanda, at
 * any hour and under any load, can order here.
 */
export const library: CafeteriaSeed = {
  slug: 'biblioteca',
  name: 'Biblioteca 24 Horas',
  description: 'Café de especialidad, pan del día y comida fría para leer, abierta día y noche.',
  location: 'Biblioteca Central, planta baja',
  cooks: 100,
  slotMinutes: 15,
  slotCapacityOrders: 5000,
  slotCapacityMakeSeconds: null,
  hours: { opening: always, ordering: always },
  modifierGroups: {
    Tamaño: {
      least: 0,
      most: 1,
      options: [
        ['Chico', -500],
        ['Mediano', 0],
        ['Grande', 900],
      ],
    },
    Leche: {
      least: 0,
      most: 1,
      options: [
        ['Entera', 0],
        ['Deslactosada', 0],
        ['De avena', 1200],
        ['De almendra', 1200],
      ],
    },
    Extras: {
      least: 0,
      most: 3,
      options: [
        ['Carga extra de café', 1000],
        ['Jarabe de vainilla', 800],
        ['Canela', 0],
        ['Crema batida', 1000],
      ],
    },
    Pan: {
      least: 0,
      most: 1,
      options: [
        ['Masa madre', 0],
        ['Integral', 0],
        ['Sin gluten', 1500],
      ],
    },
  },
  categories: {
    'Café y té': [
      dish(
        'Café americano',
        'Doble carga de Coatepec con agua caliente.',
        32,
        60,
        '',
        'vegan gluten_free',
        milkless,
      ),
      dish('Espresso', 'Corto, tueste medio.', 28, 45, '', 'vegan gluten_free'),
      dish(
        'Capuchino',
        'Espresso con leche y mucha espuma.',
        48,
        90,
        'milk',
        'vegetarian gluten_free',
        coffee,
      ),
      dish('Latte', 'Espresso con leche vaporizada.', 50, 90, 'milk', 'vegetarian gluten_free', coffee),
      dish('Moka', 'Latte con chocolate de Oaxaca.', 58, 110, 'milk', 'vegetarian gluten_free', coffee),
      dish('Café de olla', 'Con piloncillo, canela y clavo.', 35, 40, '', 'vegan gluten_free', {
        modifierGroups: ['Tamaño'],
      }),
      dish('Cold brew', 'Extraído en frío durante 18 horas.', 55, 30, '', 'vegan gluten_free', milkless),
      dish('Matcha latte', 'Té verde molido con leche.', 62, 110, 'milk', 'vegetarian gluten_free', coffee),
      dish('Té chai', 'Té negro especiado con leche.', 52, 90, 'milk', 'vegetarian gluten_free', coffee),
      dish(
        'Chocolate caliente',
        'Chocolate de mesa batido con molinillo.',
        46,
        100,
        'milk',
        'vegetarian gluten_free',
        coffee,
      ),
    ],
    'Pan y repostería': [
      dish('Concha de vainilla', 'Recién horneada.', 24, 15, 'gluten milk eggs', 'vegetarian'),
      dish(
        'Cuernito de mantequilla',
        'Hojaldrado, con mantequilla de Jalisco.',
        32,
        20,
        'gluten milk eggs',
        'vegetarian',
      ),
      dish('Rol de canela', 'Con glaseado de queso crema.', 44, 30, 'gluten milk eggs', 'vegetarian', {
        stock: 60,
      }),
      dish('Panqué de plátano con nuez', 'Rebanada gruesa.', 38, 15, 'gluten milk eggs nuts', 'vegetarian', {
        stock: 48,
      }),
      dish('Galleta de avena', 'Con pasas y chocolate amargo.', 26, 10, 'gluten soy', 'vegan'),
      dish('Muffin de arándano', 'Con arándano azul.', 39, 15, 'gluten milk eggs', 'vegetarian', {
        stock: 48,
      }),
      dish(
        'Brownie sin gluten',
        'De cacao de Tabasco y almendra.',
        45,
        15,
        'milk eggs nuts',
        'vegetarian gluten_free',
        { stock: 36 },
      ),
    ],
    'Sándwiches y ensaladas': [
      dish(
        'Sándwich de jamón y queso',
        'Jamón de pavo, queso manchego y jitomate.',
        68,
        150,
        'gluten milk',
        '',
        toasted,
      ),
      dish(
        'Panini caprese',
        'Mozzarella, jitomate y pesto de albahaca.',
        84,
        240,
        'gluten milk nuts',
        'vegetarian',
        toasted,
      ),
      dish(
        'Bagel de salmón',
        'Salmón ahumado, queso crema y alcaparras.',
        118,
        180,
        'gluten milk fish sesame',
        'high_protein',
        { stock: 30 },
      ),
      dish(
        'Baguette de pollo al chipotle',
        'Pechuga, aguacate y aderezo de chipotle.',
        89,
        210,
        'gluten eggs',
        'spicy high_protein',
        toasted,
      ),
      dish(
        'Ensalada César con pollo',
        'Lechuga orejona, parmesano y crutones.',
        98,
        180,
        'gluten milk eggs fish',
        'high_protein',
      ),
      dish('Ensalada de quinoa', 'Quinoa, garbanzo, pepino y limón.', 92, 150, '', 'vegan gluten_free'),
      dish(
        'Wrap de hummus',
        'Hummus, zanahoria y espinaca en tortilla de harina.',
        79,
        150,
        'gluten sesame',
        'vegan',
      ),
      dish(
        'Yogur con granola',
        'Yogur natural, granola y fruta de temporada.',
        58,
        60,
        'milk gluten nuts',
        'vegetarian',
      ),
    ],
  },
}
