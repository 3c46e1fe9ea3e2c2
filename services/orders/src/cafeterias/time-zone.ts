import { cafeteriaErrors } from './cafeterias.errors.ts'

/** Checks that a time zone is a name of the IANA database, as Node knows it. @throws AppError time_zone_unknown */
export function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch (cause) {
    const errors = [{ field: 'timeZone', message: 'is not a name of the IANA database' }]
    throw cafeteriaErrors.time_zone_unknown(undefined, { extra: { errors }, cause })
  }
}
