begin;
select plan(3);

-- TEST
select throws_ok('delete from public.cc_settings where id', 'SB004', null, 'the row is not deleted');
select throws_ok('truncate public.cc_settings', 'SB004', null, 'nor truncated');
select is((select count(*) from public.cc_settings), 1::bigint, 'it is there');

select * from finish();
rollback;
