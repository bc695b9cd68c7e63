begin;
select plan(7);

-- SETUP
select tests.alerts();
delete from cc_private.token_use where day is not null;
update public.cc_settings set customer_tokens_per_day = 100, tokens_per_day = 150 where id;
select tests.receive();
create temp table customer as
select customer_id as id from public.cc_conversations where id = tests.conversation();
create function pg_temp.use(tokens integer) returns boolean language plpgsql as $$
declare
  claim jsonb;
begin
  claim := tests.claim();
  perform public.complete_turn(
    (claim ->> 'turn_id')::uuid, 1, '{Hi}',
    work => jsonb_build_object('agent', 'openai', 'input_tokens', tokens - 1, 'output_tokens', 1)
  );
  perform tests.receive();
  return (claim ->> 'may_use_model')::boolean;
end;
$$;

-- TEST
select ok(pg_temp.use(99), 'the first turn may use the model');
select ok(pg_temp.use(1), 'and the second, with one token left');
select ok(not pg_temp.use(50), 'the third may not: the customer''s day is over');
select is(
  tests.alert('budget_used_up'),
  '150 of 150 tokens are used today; the rules answer until midnight UTC',
  'who used up the budget of all raises an alert'
);
update public.cc_customers set tokens_used_on = tokens_used_on - 1 where id = (select id from customer);
select ok(not pg_temp.use(1), 'a new day of the customer is no new day for all');
update cc_private.token_use set day = day - 1 where day = cc_private.today();
update public.cc_settings set customer_tokens_per_day = null where id;
select ok(pg_temp.use(1), 'null is no limit');
update public.cc_settings set customer_tokens_per_day = 100, tokens_per_day = null where id;
update public.cc_customers set tokens_used = 1000, tokens_used_on = tokens_used_on - 1
where id = (select id from customer);
select ok(pg_temp.use(1), 'a new day is a new budget');

select * from finish();
rollback;
