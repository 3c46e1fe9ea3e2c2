import t from 'tap'
import { type Caller, hasRole, highestRole, manages, mayReadOrder, type Role, worksAt } from '#src/index.ts'

const here = '019a0000-0000-7000-8000-000000000001'
const there = '019a0000-0000-7000-8000-000000000002'

function caller(role: Role, memberships: Caller['memberships'] = {}): Caller {
  return { userId: 'me', sessionId: 'session', role, memberships }
}

const customer = caller('customer')
const staff = caller('staff', { [here]: 'staff' })
const manager = caller('manager', { [here]: 'manager' })
const managerElsewhere = caller('manager', { [here]: 'staff', [there]: 'manager' })
const admin = caller('admin')

t.test('who works at, manages, and may read the orders of a cafeteria', async (t) => {
  const table: [name: string, Caller, worksHere: boolean, managesHere: boolean, worksThere: boolean][] = [
    ['a customer', customer, false, false, false],
    ['staff', staff, true, false, false],
    ['a manager', manager, true, true, false],
    ['a manager elsewhere who is staff here', managerElsewhere, true, false, true],
    ['an administrator', admin, true, true, true],
  ]
  for (const [name, who, worksHere, managesHere, worksThere] of table) {
    t.equal(worksAt(who, here), worksHere, `${name} works here: ${worksHere}`)
    t.equal(manages(who, here), managesHere, `${name} manages here: ${managesHere}`)
    t.equal(worksAt(who, there), worksThere, `${name} works there: ${worksThere}`)
    const foreign = { userId: 'somebody', cafeteriaId: here }
    t.equal(mayReadOrder(who, foreign), worksHere, `${name} reads orders placed here: ${worksHere}`)
    t.ok(
      mayReadOrder(who, { userId: 'me', cafeteriaId: 'anywhere' }),
      `${name} reads their own order anywhere`,
    )
  }
})

t.test('an id that is a property of every object is no membership', async (t) => {
  for (const id of ['constructor', '__proto__', 'toString']) {
    t.notOk(worksAt(customer, id))
    t.notOk(manages(customer, id))
  }
})

t.test('a role includes the ones below it', async (t) => {
  const table: Record<Role, Role[]> = {
    customer: ['customer'],
    staff: ['customer', 'staff'],
    manager: ['customer', 'staff', 'manager'],
    admin: ['customer', 'staff', 'manager', 'admin'],
  }
  for (const [held, included] of Object.entries(table)) {
    for (const least of ['customer', 'staff', 'manager', 'admin'] as const) {
      const expected = included.includes(least)
      t.equal(hasRole(caller(held as Role), least), expected, `${held} has ${least}: ${expected}`)
    }
  }
})

t.test('the highest role held anywhere is the role', async (t) => {
  t.equal(highestRole(false, []), 'customer')
  t.equal(highestRole(false, ['staff', 'staff']), 'staff')
  t.equal(highestRole(false, ['staff', 'manager']), 'manager')
  t.equal(highestRole(true, ['staff']), 'admin')
})
