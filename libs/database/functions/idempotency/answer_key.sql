-- Records what a call with a key is answered from now on. A failed attempt moved no money and is forgotten, so that the same
-- key may be tried again; but an order that was placed stays the answer to its key.
create or replace function answer_key(p_user_id uuid, p_key text, p_answer json, p_failed boolean) returns void
language plpgsql as $$
begin
  if p_failed then
    delete from idempotency_keys where user_id = p_user_id and key = p_key and operation <> 'place_order';
  end if;
  update idempotency_keys set answer = p_answer where user_id = p_user_id and key = p_key;
end $$;
