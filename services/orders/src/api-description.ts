/** The text before the first operation of the document. */
const description = `
Order ahead: menus, pick-up slots, orders and payments of campus and office cafeterias.

**Signing in.** \`POST /v1/auth/login\` answers an access token for \`Authorization: Bearer …\`, which is valid for 15 minutes,
and a refresh token that gets the next one. \`x-access\` of an operation is the least role that may call it. What belongs to
somebody else looks like what does not exist: 404.

**Values.** Amounts are integers in minor units of their currency: \`4500\` in MXN is 45 pesos. Moments are ISO 8601 with an
offset; dates and times of day are those where the cafeteria is. Bodies and queries with members that are not documented are
refused; answers may grow new ones.

**Lists** answer \`limit\` items, 20 unless given and 100 at most, and a \`nextCursor\` for the next page. With \`page\` they
answer \`pagination\` with a total instead. With \`fields=id,status\` they answer only those.

**Errors** are \`application/problem+json\` (RFC 9457). Branch on their \`code\`; quote their \`requestId\` when reporting one.
With \`retry-after\`, the same call may succeed later.

**Reading one's own writes.** Menus, lists and history may be a moment old. Every write answers \`x-consistency-token\`; a read
that carries the token of the last write in the header of the same name misses nothing up to it. Of several tokens the greatest
as text is the newest, and \`ffffffffffffffff\` asks for the present. An order is there at once, with or without.

**Repeating a call** that may have got lost is safe with an \`idempotency-key\`, any text of your own: within 24 hours the same
key and body get the first answer, another body is refused.
`

/** How the OpenAPI document introduces the API. */
export const apiDescription = {
  title: 'comanda orders API',
  description: description.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' '),
  tags: [
    { name: 'accounts', description: 'Registering, signing in, sessions, and who the caller is' },
    { name: 'cafeterias', description: 'Where and when: cafeterias, their hours, and dates that differ' },
    { name: 'catalogue', description: 'What: menus, categories, products, and what to choose from' },
    { name: 'slots', description: 'Pick-up slots, and how much room they have' },
    { name: 'orders', description: 'Placing, following and moving orders' },
    { name: 'payments', description: 'Paying again, refunds, the wallet, and its history' },
    { name: 'members', description: 'Who works at a cafeteria' },
    { name: 'audit', description: 'Who changed what' },
    { name: 'configuration', description: 'What holds for the whole installation' },
    { name: 'health', description: 'For probes and people on call' },
  ],
}
