import t from 'tap'
import { linePattern, paragraphPattern, space, textPattern } from '#src/values/values.schema.ts'

/** The patterns that the ranges stand for. */
const line = /^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u
const notBlank = /\S/u
const withoutControls = (text: string) => !/\p{Cc}/u.test(text.replaceAll(/[\t\n\r]/g, ''))

/** Compiles a pattern as the validator does. */
const compiled = (pattern: string) => new RegExp(pattern, 'u')

/** Yields every character, alone and beside one that is visible and one that is not. */
function* texts(): Generator<string> {
  for (let codePoint = 0; codePoint <= 0x1_10_00; codePoint++) {
    const character = String.fromCodePoint(codePoint)
    yield* [character, `a${character}`, `${character}a`, ` ${character}`, `${character}\n`]
  }
}

t.test('patterns in plain ranges accept the same text as classes of characters', async (t) => {
  const [linePlain, notBlankPlain] = [compiled(linePattern), compiled(`[^${space}]`)]
  const differing = [...texts()].filter(
    (text) => linePlain.test(text) !== line.test(text) || notBlankPlain.test(text) !== notBlank.test(text),
  )
  t.same(differing, [])
  for (const text of ['', ' ', 'a b', '\u{1F600}', 'a\u{10FFFF}']) {
    t.equal(linePlain.test(text), line.test(text), JSON.stringify(text))
    t.equal(notBlankPlain.test(text), notBlank.test(text), JSON.stringify(text))
  }
})

t.test('text of several lines has tabs and ends of lines, and no other control characters', async (t) => {
  const [paragraph, text] = [compiled(paragraphPattern), compiled(textPattern)]
  const differing = [...texts(), '', ' ', '\n\n', 'one\r\n\ttwo', '\u001b[2J'].filter(
    (given) =>
      text.test(given) !== withoutControls(given) ||
      paragraph.test(given) !== (withoutControls(given) && notBlank.test(given)),
  )
  t.same(differing, [])
})
