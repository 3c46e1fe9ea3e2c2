import fc from 'fast-check'

/** Zones whose clocks change at different hours, by a whole hour or a half, or whose days begin at another quarter. */
const zones = [
  'America/Mexico_City',
  'America/Santiago',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Europe/Madrid',
]
/** Days on some of which clocks of those zones change. */
const mornings = ['2026-03-28T20:00Z', '2026-04-04T12:00Z', '2026-06-10T03:00Z', '2026-10-24T22:00Z']

/** The statuses that an order comes to. `again` stands for being recalled and made ready again, as often as the life says. */
const lives = [
  ['pending_payment'],
  ['pending_payment', 'expired'],
  ['pending_payment', 'cancelled'],
  ['placed'],
  ['placed', 'rejected'],
  ['placed', 'cancelled'],
  ['pending_payment', 'placed', 'accepted'],
  ['placed', 'accepted', 'cancelled'],
  ['pending_payment', 'placed', 'accepted', 'preparing'],
  ['placed', 'accepted', 'preparing', 'cancelled'],
  ['placed', 'accepted', 'preparing', 'ready', 'again'],
  ['placed', 'accepted', 'preparing', 'ready', 'preparing'],
  ['placed', 'accepted', 'preparing', 'ready', 'again', 'cancelled'],
  ['placed', 'accepted', 'preparing', 'ready', 'again', 'uncollected'],
  ['placed', 'accepted', 'preparing', 'ready', 'again', 'collected'],
  ['pending_payment', 'placed', 'accepted', 'preparing', 'ready', 'again', 'collected'],
]
const moneyTypes = [
  'payment.authorized',
  'payment.declined',
  'payment.failed',
  'payment.captured',
  'payment.voided',
  'refund.requested',
  'refund.succeeded',
  'refund.failed',
]

const minute = 60_000
const milliseconds = (most: number) => fc.integer({ min: 0, max: most })

const line = fc.record({
  product: fc.nat(3),
  quantity: fc.integer({ min: 1, max: 9 }),
  unitPriceCents: fc.nat(9999),
})

/** What somebody does to the rollups between two events: a few of them at a time, in vain, or with a held transaction. */
const act = fc.record({
  what: fc.oneof(
    { weight: 2, arbitrary: fc.constant('nothing') },
    { weight: 1, arbitrary: fc.constantFrom('roll up', 'abort', 'kill', 'hold') },
  ),
  limit: fc.integer({ min: 1, max: 30 }),
  afterMilliseconds: fc.nat(6),
})

/** Mostly 0, so that what shows only when orders have something in common is not rare. */
const mostlyFirst = fc.constantFrom(0, 0, 0, 1)

const life = fc.record({
  cafeteria: mostlyFirst,
  customer: mostlyFirst,
  wallet: fc.boolean(),
  pickupKind: fc.constantFrom('asap', 'slot'),
  statuses: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>(['placed']) },
    { weight: 3, arbitrary: fc.constantFrom(...lives) },
  ),
  recalls: fc.nat(2),
  startsAfter: milliseconds(4 * 24 * 60 * minute),
  promisedAfter: milliseconds(90 * minute),
  /** What would have been promised with nothing learnt; null when the promise was the beginning of a slot. */
  naiveAfter: fc.option(milliseconds(90 * minute)),
  gaps: fc.array(milliseconds(40 * minute), { minLength: 14, maxLength: 14 }),
  /** How much later each event is committed than it happened. */
  delays: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: milliseconds(4 * 24 * 60 * minute) },
    ),
    { minLength: 14, maxLength: 14 },
  ),
  /** Whether a move's transaction began before that of the move before it. */
  overtakes: fc.array(fc.boolean(), { minLength: 14, maxLength: 14 }),
  lines: fc.array(line, { minLength: 1, maxLength: 3 }),
  money: fc.array(
    fc.record({
      type: fc.oneof(fc.constantFrom('payment.authorized', 'payment.failed'), fc.constantFrom(...moneyTypes)),
      payment: mostlyFirst,
      cents: fc.nat(5000),
      after: milliseconds(300 * minute),
    }),
    { maxLength: 4 },
  ),
  acts: fc.array(act, { minLength: 14, maxLength: 14 }),
})

/** Four days of two cafeterias, one of which may change its time zone. */
export const randomDays = fc.record({
  morning: fc.constantFrom(...mornings),
  zones: fc.tuple(fc.constantFrom(...zones), fc.constantFrom(...zones)),
  moves: fc.array(fc.record({ after: milliseconds(4 * 24 * 60 * minute), zone: fc.constantFrom(...zones) }), {
    maxLength: 2,
  }),
  lives: fc.array(life, { minLength: 1, maxLength: 24, size: 'max' }),
})

export type RandomDays = typeof randomDays extends fc.Arbitrary<infer Day> ? Day : never
export type Life = RandomDays['lives'][number]
export type Act = Life['acts'][number]
