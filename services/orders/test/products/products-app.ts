import type { Test } from 'tap'
import { startEditingApp } from '../editing-app.ts'

/** Starts the orders API as `startEditingApp` does, with the least that a new product needs. */
export async function startProductsApp(t: Test) {
  const editing = await startEditingApp(t)
  return {
    ...editing,
    minimal: {
      cafeteriaId: editing.cafeteria.id,
      categoryId: editing.category.id,
      name: 'Café de olla',
      priceCents: 3500,
      makeSeconds: 45,
    },
  }
}
