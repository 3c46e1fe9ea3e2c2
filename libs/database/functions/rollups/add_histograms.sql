-- The sum of two histograms; it ends with its last element that is not 0.
create or replace function add_histograms(a integer[], b integer[]) returns integer[]
language plpgsql immutable as $$
declare
  longer integer[] := case when cardinality(a) < cardinality(b) then b else a end;
  shorter constant integer[] := case when cardinality(a) < cardinality(b) then a else b end;
begin
  for i in 1 .. cardinality(shorter) loop
    longer[i] := longer[i] + shorter[i];
  end loop;
  return trim_histogram(longer);
end $$;
