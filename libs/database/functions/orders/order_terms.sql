-- What holds for an order before anything is promised or taken: the cafeteria, its slot (null columns where none was chosen) and the priced
-- lines, as price_lines returns them. Refuses what cannot be ordered at p_at, whenever it would be picked up.
create or replace function order_terms(
  p_cafeteria_id uuid, p_slot_id uuid, p_items jsonb, p_at timestamptz,
  out c cafeterias, out slot pickup_slots, out kept order_items[], out shown json, out counted boolean, out mealtimes uuid[],
  out total_cents bigint, out make_seconds bigint
)
language plpgsql stable as $$
declare
  priced record;
begin
  select * into c from cafeterias where id = p_cafeteria_id and deleted_at is null;
  if not found then
    perform refuse('cafeteria_unknown');
  elsif c.paused_at is not null then
    perform refuse('cafeteria_paused', jsonb_build_object('reason', c.pause_reason));
  end if;

  if p_slot_id is not null then
    select * into slot from pickup_slots where id = p_slot_id and cafeteria_id = c.id;
    if not found then
      perform refuse('slot_unknown');
    end if;
  end if;

  select * into priced from price_lines(c.id, p_items);
  if not is_open(c.id, c.time_zone, 'ordering', p_at) then
    perform refuse('cafeteria_closed', jsonb_build_object('earliest_pickup_at',
      earliest_pickup(c, p_at, priced.make_seconds, priced.mealtimes)));
  elsif priced.problem is not null then
    perform refuse(priced.problem, priced.problem_detail);
  end if;
  kept := priced.kept;
  shown := priced.shown;
  counted := priced.counted;
  mealtimes := priced.mealtimes;
  total_cents := priced.total_cents;
  make_seconds := priced.make_seconds;
end $$;
