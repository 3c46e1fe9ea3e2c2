/** What a document says of other files. */
export interface Mentions {
  /** Targets of its links that lead into the repository, such as `adr/0001.md` or `#layout`. */
  links: string[]
  /** What stands in backticks without a space. */
  code: string[]
  /** What a link may have after `#`, as GitHub makes it of headings. */
  anchors: Set<string>
}

/** Reads a document in Markdown. What is in blocks of code is left out. */
export function readMarkdown(text: string): Mentions {
  const prose = text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '')
  const code = [...prose.matchAll(/`([^`\s]+)`/g)].map(([, inside = '']) => inside)
  const plain = prose.replaceAll(/`[^`\n]*`/g, 'code')
  const targets = [...plain.matchAll(/\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
    ([, inline, defined]) => inline ?? defined ?? '',
  )
  return { links: targets.filter((target) => !/^[a-z]+:/.test(target)), code, anchors: anchorsOf(prose) }
}

function anchorsOf(prose: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading)
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}

const slugOf = (heading: string) =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')
