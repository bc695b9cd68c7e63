begin;
select plan(9);

-- SETUP
-- A session plans its first message among next to nobody, and keeps those plans when there are many.
create temp table cost (step text, size text, rows_read bigint);

create function pg_temp.rows_read() returns bigint language sql volatile
as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint
  from pg_class
  where relkind in ('r', 'i') and relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
$$;
create function pg_temp.note(size text, step text, already bigint) returns void language sql volatile
as $$ insert into cost values (step, size, pg_temp.rows_read() - already) $$;

-- From the first message of somebody who has two addresses to Twilio's last word about the reply.
create function pg_temp.travel(address text, size text default null) returns void language plpgsql volatile
as $$
declare
  already bigint := pg_temp.rows_read();
  at uuid;
  claim jsonb;
  send jsonb;
  sid text := tests.next_sid();
begin
  at := (tests.receive_as(address, array[address || '.other'])).conversation_id;
  perform pg_temp.note(size, 'ingest_inbound_message', already);
  perform tests.due(at);
  already := pg_temp.rows_read();
  claim := public.claim_turn(at);
  perform pg_temp.note(size, 'claim_turn', already);
  already := pg_temp.rows_read();
  perform public.complete_turn((claim ->> 'turn_id')::uuid, 1, array['Hi']);
  perform pg_temp.note(size, 'complete_turn', already);
  already := pg_temp.rows_read();
  send := public.claim_send(at);
  perform pg_temp.note(size, 'claim_send', already);
  already := pg_temp.rows_read();
  perform public.record_send((send ->> 'message_id')::uuid, 1, 'handed_over', provider_message_id => sid);
  perform pg_temp.note(size, 'record_send', already);
  already := pg_temp.rows_read();
  perform public.record_delivery_status(sid, 'delivered', signature => 'signature of ' || sid);
  perform pg_temp.note(size, 'record_delivery_status', already);
end;
$$;

select tests.orchestrator();
select tests.receive();
analyze public.cc_customers, public.cc_customer_addresses, public.cc_conversations, public.cc_turns,
  public.cc_messages, public.cc_audit_logs;
select pg_temp.travel('whatsapp:US.1');
select pg_temp.travel('whatsapp:US.2', 'few');

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
select pg_temp.travel('whatsapp:US.3', 'grown');
select cc_private.sweep();
select pg_temp.travel('whatsapp:US.4', 'swept');
select is(
  (select count(*) from cost where size = 'swept' and rows_read > 0), 6::bigint, 'each step reads something'
);
select cmp_ok(swept.rows_read, '<', few.rows_read + 100, swept.step || ' reads no more among many')
from cost as few
join cost as swept on swept.step = few.step and swept.size = 'swept'
where few.size = 'few';
select cmp_ok(
  (select max(rows_read) from cost where size = 'grown'), '<', 100000::bigint,
  'nor does any, before the sweep, read all of them for each of them'
);

create temp table before as select pg_temp.rows_read() as rows_read;
select count(*) from public.cc_customers where name is not null;
select cmp_ok(
  pg_temp.rows_read() - (select rows_read from before), '>=', 2000::bigint, 'this test knows a statement that reads them all'
);

select * from finish();
rollback;
