-- The first instant at which clocks of a time zone show a local time or a later one: everything that turns local calendars into
-- instants calls this. A time that clocks show twice is the first of the two, and one that they skip is the moment of the skip.
-- So later local times never come earlier, and windows that do not overlap on the calendar do not overlap in time (ADR 18).
create or replace function instant_of(p_local timestamp, p_time_zone text) returns timestamptz
language plpgsql immutable as $$
declare
  day constant interval := '24 hours';
  guess constant timestamptz := p_local at time zone p_time_zone;
  day_before constant timestamp := (guess - day) at time zone p_time_zone;
  day_after constant timestamp := (guess + day) at time zone p_time_zone;
  offset_before interval;
  offset_after interval;
  earliest timestamptz;
  latest timestamptz;
begin
  if day_before = p_local - day and day_after = p_local + day then
    return guess;
  end if;
  -- Clocks change within a day of this.
  offset_before := day_before - ((guess - day) at time zone 'UTC');
  offset_after := day_after - ((guess + day) at time zone 'UTC');
  earliest := (p_local - greatest(offset_before, offset_after)) at time zone 'UTC';
  latest := (p_local - least(offset_before, offset_after)) at time zone 'UTC';
  if earliest at time zone p_time_zone >= p_local then
    return earliest;
  elsif latest at time zone p_time_zone = p_local then
    return latest;
  end if;
  -- The time is skipped. Clocks change at a whole minute.
  return (
    select min(minute) from generate_series(date_trunc('minute', earliest), latest, interval '1 minute') minute
    where minute at time zone p_time_zone >= p_local
  );
end $$;
