const nul = String.raw`\u0000`

/** Whether JSON has an escaped U+0000, which Postgres can store in no text; an even number of backslashes before it escape themselves. */
export function hasEscapedNul(json: string): boolean {
  for (let at = json.indexOf(nul); at !== -1; at = json.indexOf(nul, at + nul.length)) {
    let backslashes = 0
    while (json[at - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return true
  }
  return false
}
