-- A histogram without the zeros at its end.
create or replace function trim_histogram(p_histogram integer[]) returns integer[]
language plpgsql immutable as $$
begin
  for i in reverse cardinality(p_histogram) .. 1 loop
    if p_histogram[i] <> 0 then
      return p_histogram[:i];
    end if;
  end loop;
  return '{}';
end $$;
