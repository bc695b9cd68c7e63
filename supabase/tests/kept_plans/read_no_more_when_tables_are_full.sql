begin;
select plan(9);

-- SETUP
-- A session plans its first message among next to nobody, and keeps those plans when there are many.
create temp table reading (
  number integer generated always as identity, size text, step text, rows_read bigint
);
create temp view cost as
select size, step, rows_read - lag(rows_read) over (order by number) as rows_read from reading;

create function pg_temp.rows_read() returns bigint language sql volatile
as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint
  from pg_class
  where relkind in ('r', 'i') and relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
$$;
-- What was read up to here belongs to this step.
create function pg_temp.mark(size text, step text) returns void language sql volatile
as $$ insert into reading (size, step, rows_read) values (size, step, pg_temp.rows_read()) $$;

-- From the first message of somebody who has two addresses to Twilio's last word about the reply.
create function pg_temp.travel(address text, size text) returns void language plpgsql volatile
as $$
declare
  at uuid;
  claim jsonb;
  send jsonb;
  sid text := tests.next_sid();
begin
  perform pg_temp.mark(size, 'start');
  at := (tests.receive_as(address, array[address || '.other'])).conversation_id;
  perform pg_temp.mark(size, 'ingest_inbound_message');
  perform tests.due(at);
  perform pg_temp.mark(size, 'due');
  claim := public.claim_turn(at);
  perform pg_temp.mark(size, 'claim_turn');
  perform public.complete_turn((claim ->> 'turn_id')::uuid, 1, array['Hi']);
  perform pg_temp.mark(size, 'complete_turn');
  send := public.claim_send(at);
  perform pg_temp.mark(size, 'claim_send');
  perform public.record_send((send ->> 'message_id')::uuid, 1, 'handed_over', provider_message_id => sid);
  perform pg_temp.mark(size, 'record_send');
  perform public.record_delivery_status(sid, 'delivered', signature => 'signature of ' || sid);
  perform pg_temp.mark(size, 'record_delivery_status');
end;
$$;

select tests.orchestrator();
select tests.receive();
analyze public.cc_customers, public.cc_customer_addresses, public.cc_conversations, public.cc_turns,
  public.cc_messages, public.cc_audit_logs;
select pg_temp.travel('whatsapp:US.1', 'few');

with customer as (
  insert into public.cc_customers (name) select 'Ada' from generate_series(1, 2000) returning id
),
address as (
  insert into public.cc_customer_addresses (provider, channel, address, customer_id)
  select 'twilio', 'whatsapp', 'whatsapp:+' || 49151000000 + row_number() over (), id from customer
)
insert into public.cc_conversations (
  customer_id, channel, provider, provider_conversation_id, business_address
)
select id, 'whatsapp', 'twilio', 'whatsapp:+49', tests.business() from customer;
select tests.answer_in_the_past(2000);
select pg_temp.travel('whatsapp:US.3', 'many');

-- TEST
select pg_temp.travel('whatsapp:US.2', 'grown');
select cc_private.sweep();
select pg_temp.travel('whatsapp:US.3', 'swept');
select cmp_ok(cost.rows_read, '<', 100::bigint, cost.step || ' reads no more among many')
from cost where cost.size = 'swept' and cost.step not in ('start', 'due');
select is(
  (select count(*) from cost where size = 'swept' and step not in ('start', 'due') and rows_read > 0), 6::bigint,
  'and each step reads something'
);
select cmp_ok(
  (select max(rows_read) from cost where size = 'grown'), '<', 100000::bigint,
  'nor does any, before the sweep, read all of them for each of them'
);

select pg_temp.mark('all', 'start');
select count(*) from public.cc_customers where name is not null;
select pg_temp.mark('all', 'count');
select cmp_ok(
  (select rows_read from cost where size = 'all' and step = 'count'), '>=', 2000::bigint,
  'this test knows a statement that reads them all'
);

select * from finish();
rollback;
