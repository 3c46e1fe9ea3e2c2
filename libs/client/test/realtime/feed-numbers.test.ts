import type { OrderMessage } from '@comanda/events'
import t from 'tap'
import { feedNumbers } from '#src/realtime/feed-numbers.ts'

const messages = (...seqs: number[]) => seqs.map((seq) => ({ seq }) as OrderMessage)
const seqsOf = (known: OrderMessage[]) => known.map(({ seq }) => seq)

t.test(
  'events are known in the order of their numbers, each once, whatever order they come in',
  async (t) => {
    const numbers = feedNumbers(4)
    const steps: { come: number[]; known: number[]; held: number; behind: boolean }[] = [
      { come: [3, 4], known: [], held: 4, behind: false },
      { come: [5], known: [5], held: 5, behind: false },
      { come: [8, 7], known: [], held: 5, behind: true },
      { come: [8, 5], known: [], held: 5, behind: true },
      { come: [6], known: [6, 7, 8], held: 8, behind: false },
      { come: [10, 9, 9, 10], known: [9, 10], held: 10, behind: false },
      { come: [], known: [], held: 10, behind: false },
    ]
    for (const { come, known, held, behind } of steps) {
      t.strictSame(seqsOf(numbers.take(messages(...come))), known, `after ${come.join()}`)
      t.equal(numbers.held(), held)
      t.equal(numbers.behind(), behind)
    }
  },
)

t.test('a number that was only heard of is missing; a lower one says nothing', async (t) => {
  const numbers = feedNumbers(4)
  numbers.heardOf(3)
  t.equal(numbers.behind(), false)
  numbers.heardOf(6)
  t.equal(numbers.behind(), true)
  numbers.take(messages(5, 6))
  t.equal(numbers.behind(), false)
})

t.test('what is passed over counts as known, and what was beyond it follows', async (t) => {
  const numbers = feedNumbers(4)
  numbers.take(messages(8, 9, 10, 13))
  t.strictSame(seqsOf(numbers.passOver(9)), [10])
  t.equal(numbers.held(), 10)
  t.equal(numbers.behind(), true)
  t.strictSame(seqsOf(numbers.passOver(7)), [], 'never back')
  t.equal(numbers.held(), 10)
})

t.test('beyond a gap only so much is kept', async (t) => {
  const numbers = feedNumbers(0)
  numbers.take(messages(...Array.from({ length: 1001 }, (_, index) => index + 2)))
  t.strictSame(seqsOf(numbers.take(messages(1))), [1], 'the others are read again')
  t.equal(numbers.behind(), true)
})
