/** The text before the first operation of the document. */
const description = `
What happened at a cafeteria: its orders, takings, kitchen and customers, counted by hour and day.

**Signing in** is at the orders API, below the same origin: \`POST /v1/auth/login\` there answers the access token that these
operations take. Managers see the cafeterias that they manage and administrators all of them; to everybody else a cafeteria looks as if
it did not exist: 404.

**Values.** Amounts are integers in minor units of their currency: \`4500\` in MXN is 45 pesos. Moments are ISO 8601 with an
offset; dates and times of day are those where the cafeteria is. Queries with members that are not documented are refused;
answers may grow new ones.

**How new it is.** Everything is read from a standby, and counted from the log of events shortly after they happen.
\`asOf\` is the moment up to which an answer is complete. A dashboard may be kept for five minutes, visits for one; reports are not kept.

**Errors** are \`application/problem+json\` (RFC 9457). Branch on their \`code\`; quote their \`requestId\` when reporting one.
With \`retry-after\`, the same call may succeed later.
`

/** How the OpenAPI document introduces the API. */
export const apiDescription = {
  title: 'comanda analytics API',
  description: description.trim().replaceAll(/(?<!\n)\n(?!\n)/g, ' '),
  tags: [
    { name: 'analytics', description: 'Dashboards and what they are made of' },
    { name: 'reports', description: 'Tables of days, weeks and months, also as files for spreadsheets' },
    { name: 'health', description: 'For probes and people on call' },
  ],
}
