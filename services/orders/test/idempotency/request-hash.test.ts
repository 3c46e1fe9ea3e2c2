import canonicalize from 'canonicalize'
import t from 'tap'
import { requestHash } from '#src/idempotency/request-hash.ts'

t.test(
  'texts of one content have one hash, whatever their white space, escapes and order of members',
  async (t) => {
    const texts = [
      '{"a":[{"x":1,"y":"é"}],"b":1000}',
      '{ "b" : 1e3,\n "a" : [ { "y" : "\\u00e9", "x" : 1.0 } ] }',
    ]
    const [first, second] = texts.map((text) => requestHash('order', JSON.parse(text)).toString('hex'))
    t.equal(first, second)
    const others = [
      '{"a":[{"x":1,"y":"e\\u0301"}],"b":1000}',
      '{"a":[{"x":"1","y":"é"}],"b":1000}',
      '{"a":[{"x":1,"y":"é"},null],"b":1000}',
    ]
    for (const other of others) t.not(requestHash('order', JSON.parse(other)).toString('hex'), first, other)
    t.not(requestHash('a', 'b').toString('hex'), requestHash('ab', '').toString('hex'))
  },
)

t.test('the canonical form is that of RFC 8785: its examples', async (t) => {
  // Section 3.2.2 and 3.2.3.
  const sample = {
    // The RFC writes it with one digit more than a double has: 333333333.33333329.
    numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  t.equal(
    canonicalize(sample),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  const keys = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji: Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  }
  t.same(Object.values(JSON.parse(String(canonicalize(Object.entries(keys))))).length, 7)
  const order = [...String(canonicalize(keys)).matchAll(/:"([^"]*)"/g)].map(([, name]) => name)
  t.same(order, [
    'Carriage Return',
    'One',
    'Control',
    'Latin Small Letter O With Diaeresis',
    'Euro Sign',
    'Emoji: Grinning Face',
    'Hebrew Letter Dalet With Dagesh',
  ])
  // Appendix B.
  const numbers: [bits: string, text: string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ]
  for (const [bits, text] of numbers) t.equal(canonicalize(Buffer.from(bits, 'hex').readDoubleBE()), text)
})
