begin;
select plan(2);

-- TEST
select is(tests.take_over(), 'unknown_customer', 'nobody wrote to us from there');
select is((select count(*) from public.cc_messages where recovered_at is not null), 0::bigint, 'nothing is stored of it');

select * from finish();
rollback;
