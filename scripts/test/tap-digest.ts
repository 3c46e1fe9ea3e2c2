export interface Totals {
  passed: number
  failed: number
}

/** Reads TAP line by line: says one line per file, and of a failure its place and diagnostics. */
export function createDigest(say: (line: string) => void) {
  const path: string[] = []
  let showing: number | null = null
  let totals: Totals = { passed: 0, failed: 0 }

  function read(line: string): void {
    const [, space = '', text = ''] = /^(\s*)(.*)$/.exec(line) ?? []
    const depth = space.length
    if (showing !== null) {
      // Diagnostics are indented by two more than the test they belong to.
      if (depth > showing || text === '') return say(line)
      showing = null
    }
    const subtest = /^# Subtest: (.*)$/.exec(text)
    if (subtest !== null) path.splice(depth / 4, path.length, subtest[1] ?? '')
    else if (depth === 0) readTop(text)
    else if (/^not ok \d+(?!.*# (TODO|SKIP))/.test(text)) {
      say(`    ${[...path.slice(0, depth / 4), text].join(' > ')}`)
      showing = depth
    }
  }

  function readTop(text: string): void {
    const counted = /^# \{ total: .*\}$/.exec(text)
    if (counted !== null) totals = { passed: count(text, 'pass'), failed: count(text, 'fail') }
    const file = /^(ok|not ok) \d+ - (\S+)(?: # time=(.*))?/.exec(text)
    if (file !== null) say(`  ${file[1] === 'ok' ? 'ok    ' : 'FAILED'} ${file[2]} ${file[3] ?? ''}`)
    // tap calls a file that it cut off by this name, says in the diagnostics which it was, and loses what the file had said.
    if (file?.[2] === 'timeout!') showing = 0
  }

  return { read, totals: () => totals }
}

const count = (text: string, name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(text)?.[1] ?? 0)
