import { type ProfileName, profiles } from '../profiles/profiles.ts'
import type { LoadScenario } from '../profiles/scenarios.ts'

/** A scenario for locust, which cannot read TypeScript. */
export interface LocustPlan extends Pick<LoadScenario, 'users' | 'thinkSeconds' | 'stages' | 'objectives'> {
  profiles: { name: ProfileName; weight: number; actions: { name: string; weight: number }[] }[]
}

export function locustPlan({ users, thinkSeconds, stages, objectives, mix }: LoadScenario): LocustPlan {
  return {
    users,
    thinkSeconds,
    stages,
    objectives,
    profiles: mix.map(({ profile, weight }) => ({
      name: profile,
      weight,
      actions: profiles[profile].map(({ name, weight }) => ({ name, weight })),
    })),
  }
}
