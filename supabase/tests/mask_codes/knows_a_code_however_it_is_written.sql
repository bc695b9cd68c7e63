begin;
select plan(2);

-- TEST
select results_eq(
  $$
    select cc_private.codes_in(body)
    from unnest(array[
      '123456', 'code:123456.', '123 456', '123-456', '1 2 3 4 5 6', '１２３４５６', '١٢٣٤٥٦', '*123456*',
      '123456 2 cards', E'123\u00a0456', E'12\u200b3456', '123456 123456 654321'
    ]) with ordinality as given (body, place)
    order by place
  $$,
  $$
    values ('{123456}'::text[]), ('{123456}'), ('{123456}'), ('{123456}'), ('{123456}'), ('{123456}'),
      ('{123456}'), ('{123456}'), ('{123456}'), ('{123456}'), ('{123456}'), ('{123456,654321}')
  $$,
  'as people write it'
);
select results_eq(
  $$
    select distinct cc_private.codes_in(body)
    from unnest(array[
      '12345', '1234567', '2026-11-23', '+49 151 12345678', '12.34', '4242', 'no digits', '', '12:34:56'
    ]) as given (body)
  $$,
  $$ values ('{}'::text[]) $$,
  'and what is none'
);

select * from finish();
rollback;
