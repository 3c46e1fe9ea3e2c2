-- What rollup_products.hours holds of quantities by local hour. An element says at most 32,767, because a sum that no integer can hold
-- would stop the rollups.
create or replace function hours_of_day(p_local_hours smallint[], p_quantities integer[]) returns smallint[]
language plpgsql immutable as $$
declare
  hours smallint[] := array_fill(0::smallint, array[24]);
begin
  for i in 1 .. cardinality(p_local_hours) loop
    hours[p_local_hours[i] + 1] := least(hours[p_local_hours[i] + 1] + p_quantities[i], 32767);
  end loop;
  return hours;
end $$;
