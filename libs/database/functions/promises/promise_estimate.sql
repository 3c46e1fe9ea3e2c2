-- When an order with so many make seconds would be ready if the kitchen got it at p_at, in seconds from then. One row; in a `from` Postgres
-- inlines it. ADR 24 says why.
--
-- naive_seconds is the queue shared among the cooks, plus the order itself. What was learnt of the kitchen at such a load makes
-- likely_seconds of it, within which half of the orders are ready, and promised_seconds, within which nine of ten are. With nothing
-- learnt all three are the same.
--
-- A kitchen that forgets to say that orders are ready must not make promises absurd: the wait is at most an hour, and what is promised is
-- between a quarter and four times the naive time, and at most an hour more.
create or replace function promise_estimate(p_cafeteria_id uuid, p_cooks integer, p_at timestamptz, p_make_seconds bigint)
returns table (naive_seconds integer, likely_seconds integer, promised_seconds integer)
language sql stable as $$
  select naive.seconds, least(round(naive.seconds * learnt.p50), promised.seconds)::integer, promised.seconds
  from (
    select least(ceil(queue.seconds::double precision / p_cooks), 3600)::integer as seconds
    from kitchen_queue(p_cafeteria_id, p_at) queue
  ) wait
  left join promise_models m on m.cafeteria_id = p_cafeteria_id
  cross join lateral (select (wait.seconds + p_make_seconds)::integer as seconds) naive
  cross join lateral (
    select coalesce(m.p50[load_bin(wait.seconds)], 1) as p50,
      greatest(0.25, least(4, coalesce(m.p90[load_bin(wait.seconds)] * exp(m.theta), 1))) as p90
  ) learnt
  cross join lateral (
    select least(round(naive.seconds * learnt.p90), naive.seconds + 3600)::integer as seconds
  ) promised
$$;
