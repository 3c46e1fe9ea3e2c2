/** What anybody who guesses somebody's password would try first. */
export interface KnownAboutPerson {
  email: string
  name: string
}

const longestRepeated = 4
const longestEnding = 5

let common: Promise<ReadonlySet<string>> | undefined

/** Passwords that people use most, by lists of breaches; some tens of thousands, loaded when the first one is chosen. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common']),
  )
  return common
}

/**
 * Why a new password would be guessed at once, as the end of a sentence that begins with it; undefined when it would not.
 * It is compared as people vary passwords: without regard to case, and without the digits and signs at its end
 * (OWASP ASVS 5.0, 6.2.4 and 6.2.11; NIST SP 800-63B-4, 3.1.1.2).
 */
export async function passwordWeakness(
  password: string,
  { email, name }: KnownAboutPerson,
): Promise<string | undefined> {
  const text = password.normalize('NFKC').toLowerCase()
  if (text.trim() === '') return 'must not be blank'
  if (isRepetition(text) || isSequence(text)) return 'must not repeat or count up a few characters'
  const local = email.slice(0, email.indexOf('@'))
  const own = new Set(
    [email, local, name, name.replaceAll(' ', '')].map((part) => part.normalize('NFKC').toLowerCase()),
  )
  const variants = [text, withoutEnding(text)]
  if (variants.some((variant) => own.has(variant)))
    return 'must not be the email address or the name of the account'
  const known = await commonPasswords()
  if (variants.some((variant) => known.has(variant))) return 'is one of the most used passwords'
  return undefined
}

/** `password2026!` is `password` to whoever guesses; a longer ending is worth something of its own. */
function withoutEnding(text: string): string {
  let end = text.length
  while (end > 0 && text.length - end < longestEnding && !/\p{L}/u.test(text[end - 1] as string)) end--
  return text.slice(0, end)
}

/** Whether it is the same one to four characters again and again. */
function isRepetition(text: string): boolean {
  for (let length = 1; length <= longestRepeated; length++)
    if (
      text ===
      text
        .slice(0, length)
        .repeat(Math.ceil(text.length / length))
        .slice(0, text.length)
    )
      return true
  return false
}

/** Whether each character is the next one of the alphabet or the next digit, or each the one before. */
function isSequence(text: string): boolean {
  const steps = Array.from(
    { length: text.length - 1 },
    (_, at) => text.charCodeAt(at + 1) - text.charCodeAt(at),
  )
  return steps.every((step) => step === steps[0] && Math.abs(step) === 1)
}
