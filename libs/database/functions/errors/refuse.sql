-- Refuses what a caller asked for: raises SQLSTATE 'CM001' with a stable code as message and JSON as detail, so that the whole
-- statement rolls back and nothing is ever half done.
create or replace function refuse(p_code text, p_detail jsonb default '{}') returns void
language plpgsql as $$
begin
  raise exception using errcode = 'CM001', message = p_code, detail = p_detail::text;
end $$;
