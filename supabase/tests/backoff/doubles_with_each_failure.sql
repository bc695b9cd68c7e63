begin;
select plan(3);

-- SETUP
update public.cc_settings set backoff_base_ms = 1000, backoff_max_ms = 300000 where id;
create temp table waits as
select failures, extract(epoch from cc_private.backoff(failures)) as seconds
from generate_series(1, 6) as failures, generate_series(1, 50);

-- TEST
select is_empty(
  $$ select * from waits where seconds not between 0.8 * 2 ^ (failures - 1) and 1.2 * 2 ^ (failures - 1) $$,
  'each wait is twice the one before, give or take 20 %'
);
select is_empty(
  $$ select failures from waits group by failures having count(distinct seconds) < 10 $$,
  'what failed together does not come back together'
);
select is_empty(
  $$ select failures from waits group by failures having max(seconds) - min(seconds) < 0.1 * 2 ^ (failures - 1) $$,
  'but spread out'
);

select * from finish();
rollback;
