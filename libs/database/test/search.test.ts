import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrate } from '#src/migrate/migrate.ts'
import { openClone } from './migrate/schema-copy.ts'

/** Texts in several languages, each with what finds it. */
const found: [text: string, queries: string[]][] = [
  ['Jamón', ['jamon', 'JAMÓN', 'jamón'.normalize('NFD'), 'amó', 'Jamon'.normalize('NFKD')]],
  ['Jamón serrano'.normalize('NFD'), ['jamón s', 'JAMON SERRANO']],
  ['PIÑA ÁCIDA', ['piña ácida', 'pina acida', 'ñ', 'n']],
  ['Crème brûlée', ['creme brulee', 'CRÈME BRÛLÉE']],
  ['Œufs mayonnaise', ['oeufs', 'œufs', 'ŒUFS']],
  ['Weißwürste', ['weisswurste', 'WEISSWÜRSTE', 'weißwürste']],
  ['Smørrebrød', ['smorrebrod', 'SMØRREBRØD']],
  ['Łosoś', ['losos', 'ŁOSOŚ']],
  ['Phở đặc biệt', ['pho dac biet', 'PHỞ ĐẶC BIỆT'.normalize('NFD')]],
  ['İskender ayranı', ['iskender ayrani', 'iskender ayranı']],
  ['Борщ', ['борщ', 'БОРЩ']],
  ['Μουσακάς', ['μουσακας', 'ΜΟΥΣΑΚΆΣ']],
  ['پِلو', ['پلو']],
  ['カレー', ['カレー', 'ｶﾚｰ']],
  ['김치', ['김치', '김치'.normalize('NFD')]],
  ['ﬁsh ５０％', ['fish', '50%', '５０％']],
  ['a_b\\c', ['a_b', 'b\\c', '＿']],
]
const missed: [text: string, query: string][] = [
  ['Jamón', 'jabon'],
  ['ab', 'a_'],
  ['ab', '％b'],
  ['ab', '＼b'],
]

async function addProduct(client: pg.Client, name: string, description: string): Promise<string> {
  const { rows } = await client.query<{ text: string }>(
    `with cafeteria as (
       insert into cafeterias (slug, name, time_zone, currency) values (gen_random_uuid(), 'A', 'UTC', 'MXN') returning id
     ), category as (
       insert into categories (cafeteria_id, name) select id, 'Mains' from cafeteria returning id, cafeteria_id
     )
     insert into products (cafeteria_id, category_id, name, description, price_cents, make_seconds)
     select cafeteria_id, id, $1, $2, 1, 1 from category returning search_text as text`,
    [name, description],
  )
  return rows[0]?.text as string
}

async function matches(client: pg.Client, text: string, query: string): Promise<boolean> {
  const { rows } = await client.query<{ matches: boolean }>('select $1 like search_pattern($2) as matches', [
    text,
    query,
  ])
  return rows[0]?.matches === true
}

async function checkSearches(t: Test, client: pg.Client): Promise<void> {
  for (const [text, queries] of found) {
    const stored = await addProduct(client, text, 'Goes with everything')
    const { rows } = await client.query('select searchable($1) as text', [`${text}\nGoes with everything`])
    t.strictSame(rows, [{ text: stored }], `what is stored of ${text} is what the function says`)
    for (const query of queries) t.ok(await matches(client, stored, query), `${query} finds ${text}`)
    t.ok(await matches(client, stored, 'WITH'), 'the description is searched too')
  }
  for (const [text, query] of missed)
    t.notOk(await matches(client, await addProduct(client, text, ''), query), `${query} is not in ${text}`)
}

t.test('a search ignores accents, case and Unicode form, in every language', async (t) => {
  const { client } = await openClone(t)
  await checkSearches(t, client)
})

t.test('it does so in a database with the C locale', async (t) => {
  const { url, client } = await openClone(t)
  const name = `c_locale_${randomBytes(6).toString('hex')}`
  await client.query(
    `create database ${name} template template0 encoding 'UTF8' locale_provider libc locale 'C'`,
  )
  const address = new URL(url)
  address.pathname = name
  await migrate(address.href)
  const other = new pg.Client({ connectionString: address.href })
  await other.connect()
  t.teardown(async () => {
    await other.end()
    await client.query(`drop database ${name}`)
  })
  const { rows } = await other.query(`select lower('ÁÑ') as lowered`)
  t.strictSame(rows, [{ lowered: 'ÁÑ' }], 'this locale lowers ASCII only')
  await checkSearches(t, other)
})
