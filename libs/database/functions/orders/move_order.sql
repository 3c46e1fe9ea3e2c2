-- Makes a move that a person asks for. `outcome` is moved | unchanged (already there) | forbidden (not by this role) | illegal (not from this
-- status) | reason_required | wrong_pickup_code | version_conflict, or null when there is no such order for this caller. `o` is the order
-- as it is now. `answer` is what the API answers about an order that has moved or was there already, and null for other outcomes.
-- p_staff_from and p_customer_from are the statuses from which staff and the customer may make it; null means never.
create or replace function move_order(
  p_order_id uuid, p_to text, p_staff_from text[], p_customer_from text[],
  p_actor_id uuid, p_actor_role text, p_actor_cafeterias uuid[],
  p_reason text, p_request_id text, p_expected_version integer, p_pickup_code text,
  out outcome text, out o orders, out answer json
)
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  as_staff boolean;
  allowed text[];
  moved orders;
  payment payments;
begin
  select * into o from orders
  where id = p_order_id
    and (user_id = p_actor_id or p_actor_role = 'admin' or cafeteria_id = any (p_actor_cafeterias));
  if not found then
    return;
  end if;
  as_staff := p_actor_role = 'admin' or o.cafeteria_id = any (p_actor_cafeterias);
  allowed := case when as_staff then p_staff_from else p_customer_from end;

  if allowed is null then
    outcome := 'forbidden';
  elsif p_expected_version is not null and o.version <> p_expected_version then
    outcome := 'version_conflict';
  elsif p_pickup_code is not null and o.pickup_code <> p_pickup_code then
    outcome := 'wrong_pickup_code';
  elsif o.status = p_to then
    outcome := 'unchanged';
  elsif as_staff and p_reason is null and order_fell_through(p_to) and o.user_id <> p_actor_id then
    outcome := 'reason_required';
  else
    moved := transition_order(p_order_id, allowed, p_to, p_actor_id, case when as_staff then p_actor_role else 'customer' end,
      p_reason, p_request_id, p_expected_version, p_pickup_code);
    if moved.id is not null then
      outcome := 'moved';
      o := moved;
    else
      -- The order cannot move from here, or another call was faster: the outcome says what it is now.
      select * into o from orders where id = p_order_id;
      outcome := case when o.status = p_to then 'unchanged'
        when p_expected_version is not null and o.version <> p_expected_version then 'version_conflict'
        else 'illegal' end;
    end if;
  end if;

  if outcome in ('moved', 'unchanged') then
    select * into payment from newest_payment(o.id);
    answer := order_answer(o, payment, p_actor_id);
  end if;
end $$;
