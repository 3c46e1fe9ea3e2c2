-- When something ends that begins on a local date at p_starts: on that date or, when p_ends is not after p_starts, on the next.
create or replace function local_end(p_date date, p_starts time, p_ends time) returns timestamp
language sql immutable as $$
  select p_date + p_ends + case when p_ends <= p_starts then interval '1 day' else interval '0' end
$$;
