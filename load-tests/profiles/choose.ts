/** One of a list that is not empty, each as likely as another. @param random from 0 to below 1 */
export function choose<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T
}

/** One of a list by weight: of weights 3 and 1, the first three times out of four. @param random from 0 to below 1 */
export function chooseByWeight<T extends { weight: number }>(list: readonly T[], random: () => number): T {
  let left = random() * list.reduce((sum, { weight }) => sum + weight, 0)
  return list.find(({ weight }) => (left -= weight) < 0) ?? (list[list.length - 1] as T)
}

/** So many different ones of a list, in random order; all of them when it has fewer. */
export function chooseSome<T>(list: readonly T[], count: number, random: () => number): T[] {
  const left = [...list]
  const chosen: T[] = []
  while (chosen.length < count && left.length > 0)
    chosen.push(...left.splice(Math.floor(random() * left.length), 1))
  return chosen
}
