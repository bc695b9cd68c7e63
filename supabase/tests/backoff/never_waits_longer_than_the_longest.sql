begin;
select plan(2);

-- SETUP
update public.cc_settings set backoff_base_ms = 1000, backoff_max_ms = 300000 where id;
create temp table waits as
select cc_private.backoff(failures) as wait
from unnest(array[10, 50, 1000, 2147483647]) as failures, generate_series(1, 50);

-- TEST
select cmp_ok((select max(wait) from waits), '<=', interval '300 seconds', 'at most backoff_max_ms');
select cmp_ok((select min(wait) from waits), '>=', interval '180 seconds', 'and not much less');

select * from finish();
rollback;
