/** What a number of users met. */
export interface Step {
  users: number
  kept: boolean
}

/** How much more at each step until the first that is not kept. */
const growth = 1.5
/** When the most that was kept and the least that was not are so near, the limit is known. */
const near = 1.1

/**
 * Finds how many users there can be: more at each step until a step does not hold, then between the two.
 * @param holds whether a number of users found what was promised to them
 * @returns all steps in their order
 */
export async function findLimit(from: number, holds: (users: number) => Promise<boolean>): Promise<Step[]> {
  const steps: Step[] = []
  let most = 0
  let least = Number.POSITIVE_INFINITY
  let users = from
  while (least > most * near && least - most > 1) {
    const kept = await holds(users)
    steps.push({ users, kept })
    if (kept) most = users
    else least = users
    users = Math.round(least === Number.POSITIVE_INFINITY ? users * growth : (most + least) / 2)
  }
  return steps
}

/** The most users that found what was promised; 0: no step held. */
export const limitOf = (steps: readonly Step[]): number =>
  Math.max(0, ...steps.filter(({ kept }) => kept).map(({ users }) => users))
