const part = (name: string) =>
  new RegExp(`(<!-- generated: ${name} -->\n)[\\s\\S]*?(<!-- end of ${name} -->)`)

/**
 * A document with what is generated between its markers, `<!-- generated: x -->` and `<!-- end of x -->`.
 * @throws when it has no place for a part
 */
export function writeParts(document: string, parts: Map<string, string>): string {
  let text = document
  for (const [name, content] of parts) {
    if (!part(name).test(text)) throw new Error(`There is no place for ${name}: <!-- generated: ${name} -->`)
    text = text.replace(part(name), (_, start: string, end: string) => `${start}\n${content}\n\n${end}`)
  }
  return text
}
