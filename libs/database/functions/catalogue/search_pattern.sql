-- The pattern of `like` for a searchable text that contains this one. What `like` reads as a sign of its own is quoted last, because
-- taking a text apart can make such signs of others.
create or replace function search_pattern(p_text text) returns text
language sql immutable parallel safe as $$
  select '%' || regexp_replace(searchable(p_text), '([\\%_])', '\\\1', 'g') || '%'
$$;
