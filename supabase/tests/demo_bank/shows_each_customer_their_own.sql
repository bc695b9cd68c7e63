begin;
select plan(7);

-- SETUP
create temp table customer as
select demo_bank.fill('+15005550201') as mine, demo_bank.fill('+15005550202') as theirs;

-- TEST
select is(
  (select public.demo_bank_find_customer('+15005550201') ->> 'customer_id' from customer),
  (select mine::text from customer), 'a customer is known by the number on file'
);
select is(public.demo_bank_find_customer('+15005550209') ->> 'outcome', 'not_found', 'another number is nobody''s');
select is(
  (select jsonb_array_length(public.demo_bank_list_accounts(mine)) from customer), 2, 'two accounts each'
);
select is(
  (select public.demo_bank_list_transactions(mine, 'current-550202', 5) ->> 'outcome' from customer),
  'unknown_account', 'another''s account is unknown'
);
select is(
  (select public.demo_bank_block_card(mine, '4242', gen_random_uuid()) ->> 'outcome' from customer),
  'blocked', 'one''s own card is blocked'
);
select is(
  (
    select card.block_count from demo_bank.cards as card, customer
    join demo_bank.accounts as account on account.customer_id = customer.theirs
    where card.account_id = account.id and card.last_digits = '4242'
  ),
  0, 'and not another''s with the same digits'
);
select is(
  (select demo_bank.fill('+15005550201') from customer), (select mine from customer), 'filling it twice adds nobody'
);

select * from finish();
rollback;
