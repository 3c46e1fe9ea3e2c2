import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * The tables of each file of Kysely's types, by its name: `orders` has `orders`, `order_items` and so on. What only migrate reads is in none.
 * @param folder libs/database/src/schema
 */
export function tablesByNoun(folder: string): Map<string, string[]> {
  const files = globSync('*.ts', { cwd: folder })
  const tables = files.map((file): [noun: string, tables: string[]] => {
    const source = readFileSync(join(folder, file), 'utf8')
    const names = [...source.matchAll(/^export interface (\w+)Table \{/gm)].map(([, name = '']) => name)
    return [basename(file, '.ts'), names.map(snakeCase)]
  })
  return new Map(tables.filter(([, names]) => names.length > 0))
}

const snakeCase = (name: string) => name.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
