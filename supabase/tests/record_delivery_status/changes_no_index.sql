begin;
select plan(2);

-- SETUP
select tests.reply('Hi');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'queued');
create function pg_temp.changes(out all_of_them bigint, out within_the_page bigint) language sql
as $$
  select
    pg_stat_get_xact_tuples_updated('public.cc_messages'::regclass),
    pg_stat_get_xact_tuples_hot_updated('public.cc_messages'::regclass)
$$;
create temp table before as select * from pg_temp.changes();

-- TEST
select public.record_delivery_status('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', word)
from unnest(array['sent', 'delivered', 'read']) with ordinality as report (word, place)
order by place;
create temp table after as select * from pg_temp.changes();
select is(after.all_of_them - before.all_of_them, 3::bigint, 'each status changes the message')
from before, after;
select is(after.within_the_page - before.within_the_page, 3::bigint, 'and no index: a hot update')
from before, after;

select * from finish();
rollback;
