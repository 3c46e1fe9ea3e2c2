/**
 * A pattern of Redis (`*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` before a character meant as such) as a test of whole keys, the
 * same as SCAN applies it.
 */
export function globTest(pattern: string): (text: string) => boolean {
  let source = ''
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] as string
    const end = character === '[' ? pattern.indexOf(']', index + 1) : -1
    if (character === '*') source += '.*'
    else if (character === '?') source += '.'
    else if (end !== -1) {
      source += classOf(pattern.slice(index + 1, end))
      index = end
    } else {
      const literal =
        character === '\\' && index + 1 < pattern.length ? (pattern[++index] as string) : character
      source += literal.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
    }
  }
  const expression = new RegExp(`^${source}$`, 's')
  return (text) => expression.test(text)
}

function classOf(members: string): string {
  const negated = members.startsWith('^')
  const escaped = (negated ? members.slice(1) : members).replaceAll(/[\\^\][]/g, '\\$&')
  // An empty class matches nothing, in Redis too.
  return escaped === '' && !negated ? '(?!)' : `[${negated ? '^' : ''}${escaped}]`
}
