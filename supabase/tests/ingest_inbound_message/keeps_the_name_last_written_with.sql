begin;
select plan(4);

-- SETUP
create function pg_temp.name()
returns text
language sql
as $$
  select customer.name
  from public.cc_customers as customer
  join public.cc_conversations as conversation on conversation.customer_id = customer.id
  where conversation.id = tests.conversation()
$$;

-- TEST
select tests.receive('One', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', name => 'Ana');
select is(pg_temp.name(), 'Ana', 'the first message names its customer');
select tests.receive('Two', name => 'Ana Maria');
select is(pg_temp.name(), 'Ana Maria', 'a newer name replaces the older one');
select tests.receive('Three', name => null);
select is(pg_temp.name(), 'Ana Maria', 'a message without a name leaves it');
select tests.receive('One', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', name => 'Ana');
select is(pg_temp.name(), 'Ana Maria', 'a repeat leaves it');

select * from finish();
rollback;
