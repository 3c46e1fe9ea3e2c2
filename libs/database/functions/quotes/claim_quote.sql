-- Takes a customer's quote for an order, which uses it up. Refuses one that there is not, or not any more, and one that is about another
-- order.
create or replace function claim_quote(p_quote_id uuid, p_user_id uuid, p_cafeteria_id uuid, p_slot_id uuid, p_items jsonb) returns quotes
language plpgsql as $$
declare
  q quotes;
begin
  delete from quotes where id = p_quote_id and user_id = p_user_id returning * into q;
  if not found then
    perform refuse('quote_unknown');
  elsif q.expires_at <= now() then
    perform refuse('quote_expired', jsonb_build_object('expired_at', q.expires_at));
  elsif q.cafeteria_id <> p_cafeteria_id or q.digest <> quote_digest(p_items, p_slot_id) then
    perform refuse('quote_differs');
  end if;
  return q;
end $$;
