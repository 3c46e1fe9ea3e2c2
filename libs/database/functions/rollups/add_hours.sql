-- The sum of two arrays as hours_of_day makes them.
create or replace function add_hours(a smallint[], b smallint[]) returns smallint[]
language plpgsql immutable as $$
declare
  hours smallint[] := a;
begin
  for i in 1 .. 24 loop
    if b[i] > 0 then
      hours[i] := least(a[i]::integer + b[i], 32767);
    end if;
  end loop;
  return hours;
end $$;
