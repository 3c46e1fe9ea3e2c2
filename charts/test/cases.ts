import { development, production, type RenderOptions } from './chart.ts'

/** The matrix: every feature is on in one of them at least. Their renders are in charts/renders. */
export const cases: Record<string, RenderOptions> = {
  development: { values: development },
  'development-without-operators': {
    values: [...development, 'test/cases/own-passwords.yaml'],
    apiVersions: [],
  },
  'development-faults': { values: [...development, 'test/cases/faults.yaml'] },
  production: { values: production },
  'production-canary': { values: [...production, 'test/cases/canary.yaml'] },
  'production-blue-green': { values: [...production, 'test/cases/blue-green.yaml'] },
  'production-keda': { values: [...production, 'test/cases/keda.yaml'] },
  'production-elsewhere': { values: [...production, 'test/cases/elsewhere.yaml'] },
}
