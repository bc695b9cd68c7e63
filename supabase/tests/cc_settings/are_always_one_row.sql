begin;
select plan(4);

-- TEST
select is((select count(*) from public.cc_settings), 1::bigint, 'one row is there');
select throws_ok(
  'insert into public.cc_settings default values', '23505', null, 'a second one is refused'
);
select throws_ok(
  'insert into public.cc_settings (id) values (false)', '23514', null, 'so is one beside it'
);
select throws_ok(
  'update public.cc_settings set id = false where id', '23514', null, 'and it stays where it is'
);

select * from finish();
rollback;
