begin;
select plan(6);

-- SETUP
create temp table customer as
select demo_bank.fill('+15005550201') as mine, demo_bank.fill('+15005550202') as theirs, gen_random_uuid() as key;

-- TEST
select is(
  (select public.demo_bank_block_card(mine, '4242', key) ->> 'outcome' from customer), 'blocked', 'once'
);
select is(
  (select public.demo_bank_block_card(mine, '4242', key) ->> 'outcome' from customer), 'blocked',
  'the same key gets the same result'
);
select is(
  (select public.demo_bank_block_card(mine, '4242', gen_random_uuid()) ->> 'outcome' from customer),
  'already_blocked', 'another key learns that it is done'
);
select is((select max(block_count) from demo_bank.cards), 1, 'and the card was blocked once');
select is(
  (select public.demo_bank_block_card(theirs, '4242', key) ->> 'outcome' from customer), 'key_used',
  'a key is one customer''s'
);
create temp table opened as
select public.demo_bank_open_case('Fee', 'Wants it back', true, gen_random_uuid(), mine) as first from customer;
select is(
  (
    select public.demo_bank_open_case('Fee', 'Wants it back', true, idempotency_key, mine)
    from customer, demo_bank.effects where kind = 'open_case'
  ),
  (select first from opened), 'a case is opened once'
);

select * from finish();
rollback;
