/** How many hours UTC is ahead of the zone in which it is noon. Read once, because the hour may change during a test. */
export const hoursFromNoon = new Date().getUTCHours() - 12

/**
 * A time zone in which it was between 12:00 and 13:00 when the test began. A test that reads the clock, and is about a local date or time of
 * day, is there the same at any hour: hours around now are of one date, and no midnight comes between two of its steps.
 */
export const zoneAtNoon = `Etc/GMT${hoursFromNoon < 0 ? hoursFromNoon : `+${hoursFromNoon}`}`
