/** What 32 random hexadecimal digits have at least, in bits. */
const leastBits = 80

/**
 * Whether a secret can be guessed by its form: few different characters, or a short text again and again. It estimates the entropy
 * (Shannon) from how often each character occurs. It cannot know words.
 */
export function isWeakSecret(secret: string): boolean {
  const text = secret.trim()
  // A text that is found in itself doubled, before its end, repeats what comes before that place.
  const period = (text + text).indexOf(text, 1)
  const part = text.slice(0, period)
  const counts = Map.groupBy(part.split(''), (character) => character)
  let bitsPerCharacter = 0
  for (const { length } of counts.values()) {
    const share = length / part.length
    bitsPerCharacter -= share * Math.log2(share)
  }
  return bitsPerCharacter * part.length < leastBits
}
