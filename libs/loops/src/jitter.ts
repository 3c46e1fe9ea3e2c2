/**
 * Makes a duration longer or shorter by up to a fraction of it, evenly spread, so that processes started together do not stay in step.
 * @param random from 0 (shortest) to 1 (longest)
 */
export function withJitter(milliseconds: number, fraction: number, random = Math.random()): number {
  return milliseconds * (1 + fraction * (2 * random - 1))
}
