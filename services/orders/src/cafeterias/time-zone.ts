import { cafeteriaErrors } from './cafeterias.errors.ts'

/** @throws AppError time_zone_unknown: not a name of the IANA database as Node knows it */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch (cause) {
    const errors = [{ field: 'timeZone', message: 'is not a name of the IANA database' }]
    throw cafeteriaErrors.time_zone_unknown(undefined, { extra: { errors }, cause })
  }
}
