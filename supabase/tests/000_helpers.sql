-- Short factories for the tests, in schema `tests`. This file sorts first and commits, so that
-- pg_prove (`supabase test db`), which runs the files in order, has them for every other file.

begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
drop schema if exists tests cascade;
create schema tests;
create sequence tests.sids;

-- Addresses that are nobody's, so that the tests also run beside other data ----------------------

create function tests.customer() returns text language sql immutable
as $$ select 'whatsapp:+15005550199' $$;

create function tests.business() returns text language sql immutable
as $$ select 'whatsapp:+15005550100' $$;

create function tests.next_sid() returns text language sql volatile
as $$ select 'SM' || lpad(to_hex(nextval('tests.sids')), 32, '0') $$;

-- What dispatching needs. Nothing is sent, since no test commits.
create function tests.orchestrator(
  url text default 'http://orchestrator.test/functions/v1/orchestrator',
  key text default 'test-key'
)
returns void language plpgsql volatile
as $$
begin
  delete from vault.secrets where secrets.name in ('orchestrator_url', 'orchestrator_key');
  perform vault.create_secret(url, 'orchestrator_url');
  perform vault.create_secret(key, 'orchestrator_key');
end;
$$;

-- Where the sync and the alerts go.
create function tests.sync()
returns void language plpgsql volatile
as $$
begin
  delete from vault.secrets where secrets.name in ('sync_url', 'sync_key');
  perform vault.create_secret('http://sync.test/functions/v1/twilio-sync', 'sync_url');
  perform vault.create_secret('test-sync-key', 'sync_key');
end;
$$;

-- Where the fetching of media goes.
create function tests.media()
returns void language plpgsql volatile
as $$
begin
  delete from vault.secrets where secrets.name in ('media_url', 'media_key');
  perform vault.create_secret('http://media.test/functions/v1/media', 'media_url');
  perform vault.create_secret('test-media-key', 'media_key');
end;
$$;

create function tests.alerts()
returns void language plpgsql volatile
as $$
begin
  delete from vault.secrets where secrets.name = 'alert_url';
  perform vault.create_secret('http://alerts.test/hook', 'alert_url');
  delete from cc_private.alerts where kind is not null;
end;
$$;

create function tests.conversation(sender text default tests.customer())
returns uuid language sql stable
as $$
  select active.id
  from public.cc_customer_addresses as known
  join public.cc_conversations as active on active.customer_id = known.customer_id
  where known.address = conversation.sender and active.status = 'active'
$$;

-- The steps of a message -------------------------------------------------------------------------

create function tests.receive(
  body text default 'Hello',
  sid text default tests.next_sid(),
  sender text default tests.customer(),
  business text default tests.business(),
  signature text default null,
  name text default null,
  channel text default 'whatsapp',
  inbound_at timestamptz default null
)
returns public.cc_messages language plpgsql volatile
as $$
declare
  stored_id uuid;
  message public.cc_messages;
begin
  select stored.message_id into strict stored_id
  from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => sender,
    to_address => business,
    body_text => body,
    body_json => '{"kind": "text", "media": []}',
    customer_name => name,
    channel => receive.channel,
    signature => receive.signature,
    inbound_at => receive.inbound_at
  ) as stored;

  select stored.* into strict message from public.cc_messages as stored where stored.id = stored_id;
  return message;
end;
$$;

-- A message of somebody who is known by further addresses too, with these parameters.
create function tests.receive_as(
  sender text,
  other_addresses text[] default '{}',
  body text default 'Hello',
  parameters jsonb default '{}',
  sid text default tests.next_sid(),
  name text default null
)
returns public.cc_messages language plpgsql volatile
as $$
declare
  stored_id uuid;
  message public.cc_messages;
begin
  select stored.message_id into strict stored_id
  from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => sender,
    to_address => tests.business(),
    body_text => body,
    body_json => jsonb_build_object('kind', 'text', 'media', '[]'::jsonb, 'parameters', parameters),
    customer_name => name,
    other_addresses => receive_as.other_addresses
  ) as stored;

  select stored.* into strict message from public.cc_messages as stored where stored.id = stored_id;
  return message;
end;
$$;

-- The customer with this address; null where nobody has it.
create function tests.customer_of(address text)
returns uuid language sql stable
as $$
  select known.customer_id
  from public.cc_customer_addresses as known
  where known.address = customer_of.address
$$;

-- What of these facts may be recorded.
create function tests.redact(facts jsonb)
returns jsonb language sql immutable
as $$
  select (cc_private.redact_each(array[facts]))[1]
$$;

-- A message that the sync found, written so long ago.
create function tests.recover(
  body text default 'Hello',
  ago interval default '5 minutes',
  sid text default tests.next_sid(),
  is_answered boolean default false,
  business text default tests.business(),
  channel text default 'whatsapp'
)
returns public.cc_messages language plpgsql volatile
as $$
declare
  stored_id uuid;
  message public.cc_messages;
begin
  select stored.message_id into strict stored_id
  from public.ingest_inbound_message(
    provider_message_id => sid,
    from_address => tests.customer(),
    to_address => business,
    body_text => body,
    body_json => jsonb_build_object(
      'kind', 'text', 'media', '[]'::jsonb, 'answered_elsewhere', is_answered
    ),
    channel => recover.channel,
    inbound_at => clock_timestamp() - ago,
    is_recovered => true
  ) as stored;

  select stored.* into strict message from public.cc_messages as stored where stored.id = stored_id;
  return message;
end;
$$;

-- What another system sent to the customer, so long ago; gives the outcome.
create function tests.take_over(
  sid text default tests.next_sid(),
  body text default 'Until six.',
  ago interval default '1 minute'
)
returns text language sql volatile
as $$
  select public.take_over_message(
    sid, tests.business(), tests.customer(), body, '{"kind": "taken_over"}',
    clock_timestamp() - ago, 'delivered'
  ) ->> 'outcome'
$$;

-- The message with this id of Twilio's.
create function tests.message(sid text)
returns public.cc_messages language sql stable
as $$
  select found from public.cc_messages as found where found.provider_message_id = message.sid
$$;

-- A message with these files, the first at position 0.
create function tests.receive_media(variadic content_types text[] default array['image/jpeg'])
returns uuid language sql volatile
as $$
  select message_id
  from public.ingest_inbound_message(
    provider_message_id => tests.next_sid(),
    from_address => tests.customer(),
    to_address => tests.business(),
    body_text => '[Media message - no text]',
    body_json => jsonb_build_object('kind', 'image', 'media', (
      select jsonb_agg(jsonb_build_object(
        'url', 'https://api.twilio.com/media/' || content_type, 'content_type', content_type
      ))
      from unnest(content_types) as content_type
    ))
  )
$$;

-- The file of the newest claim.
create function tests.claim_media()
returns jsonb language sql volatile
as $$ select public.claim_media(1) -> 0 $$;

create function tests.record_media(claim jsonb, outcome text, error_code text default null)
returns text language sql volatile
as $$
  select public.record_media(
    (claim ->> 'media_id')::uuid, (claim ->> 'attempt')::integer, outcome,
    byte_size => case when outcome = 'stored' then 5 end,
    content_type => case when outcome = 'stored' then 'image/png' end,
    error_code => record_media.error_code
  ) ->> 'outcome'
$$;

create function tests.media_due()
returns void language sql volatile
as $$
  update public.cc_media as media
  set due_at = clock_timestamp() - interval '1 second'
  where media.due_at is not null
$$;

create function tests.due(conversation uuid default tests.conversation())
returns void language sql volatile
as $$
  update public.cc_turns as turn
  set due_at = clock_timestamp() - interval '1 second'
  where turn.conversation_id = due.conversation and turn.state in ('pending', 'retrying')
$$;

-- Takes the turn that waits as if its time had come.
create function tests.claim(conversation uuid default tests.conversation())
returns jsonb language plpgsql volatile
as $$
begin
  perform tests.due(conversation);
  return public.claim_turn(conversation);
end;
$$;

-- A message comes in and these parts wait to be sent.
create function tests.reply(variadic parts text[])
returns void language plpgsql volatile
as $$
declare
  claim jsonb;
begin
  perform tests.receive();
  claim := tests.claim();
  perform public.complete_turn((claim ->> 'turn_id')::uuid, (claim ->> 'attempt')::integer, parts);
end;
$$;

-- What a crash leaves behind: the lease of the running turn and of the message in sending has ended.
create function tests.expire_leases(conversation uuid default tests.conversation())
returns void language plpgsql volatile
as $$
begin
  update public.cc_turns as turn
  set lease_until = clock_timestamp() - interval '1 second'
  where turn.conversation_id = conversation and turn.state = 'running';
  update public.cc_messages as message
  set send_lease_until = clock_timestamp() - interval '1 second'
  where message.conversation_id = conversation and message.send_state = 'sending';
end;
$$;

-- The conversation's turn dies of one final failure.
create function tests.kill_turn()
returns uuid language plpgsql volatile
as $$
declare
  claim jsonb := tests.claim();
begin
  perform public.fail_turn(
    (claim ->> 'turn_id')::uuid, (claim ->> 'attempt')::integer, 'model_down', is_final => true
  );
  return (claim ->> 'turn_id')::uuid;
end;
$$;

-- A reply whose sender has vanished so long ago.
create function tests.uncertain_send(body text default 'Hi', ago interval default '2 seconds')
returns uuid language plpgsql volatile
as $$
declare
  sent_id uuid;
begin
  perform tests.reply(body);
  sent_id := (public.claim_send(tests.conversation()) ->> 'message_id')::uuid;
  perform public.record_send(sent_id, 1, 'uncertain', error_code => 'timed_out');
  update public.cc_messages as message
  set send_claimed_at = clock_timestamp() - ago - interval '30 seconds',
    send_lease_until = clock_timestamp() - ago
  where message.id = sent_id;
  return sent_id;
end;
$$;

-- All that waits in the conversation was last rung for so long ago.
create function tests.rung(ago interval, conversation uuid default tests.conversation())
returns void language plpgsql volatile
as $$
begin
  update public.cc_turns as turn
  set dispatched_at = clock_timestamp() - ago
  where turn.conversation_id = conversation and turn.state in ('pending', 'retrying');
  update public.cc_messages as message
  set send_dispatched_at = clock_timestamp() - ago
  where message.conversation_id = conversation and message.send_state = 'ready';
end;
$$;

-- What pg_net writes when it has an answer, or has given up.
create function tests.answer(
  request_id bigint,
  status_code integer default null,
  timed_out boolean default null,
  error_msg text default null,
  created timestamptz default clock_timestamp()
)
returns void language sql volatile
as $$
  insert into net._http_response (id, status_code, timed_out, error_msg, created)
  values (answer.request_id, answer.status_code, answer.timed_out, answer.error_msg, answer.created)
$$;

create function tests.close(conversation uuid default tests.conversation())
returns void language sql volatile
as $$
  update public.cc_conversations as closed set status = 'closed' where closed.id = close.conversation
$$;

-- What to look at --------------------------------------------------------------------------------

create function tests.turn(state text)
returns public.cc_turns language sql stable
as $$
  select found
  from public.cc_turns as found
  where found.conversation_id = tests.conversation() and found.state = turn.state
$$;

-- The conversation's outbound messages, counted from 1.
create function tests.outbound(number integer)
returns public.cc_messages language sql stable
as $$
  select message
  from public.cc_messages as message
  where message.conversation_id = tests.conversation() and message.direction = 'outbound'
  order by message.seq
  limit 1 offset outbound.number - 1
$$;

-- The names of the conversation's events, in order.
create function tests.events(conversation uuid default tests.conversation())
returns text[] language sql stable
as $$
  select array_agg(entry.event_type order by entry.id)
  from public.cc_audit_logs as entry
  where entry.conversation_id = events.conversation
$$;

-- The conversation's last event of this name.
create function tests.event(event_type text)
returns public.cc_audit_logs language sql stable
as $$
  select entry
  from public.cc_audit_logs as entry
  where entry.conversation_id = tests.conversation() and entry.event_type = event.event_type
  order by entry.id desc
  limit 1
$$;

-- The bodies with which the orchestrator was rung for the conversation, in order.
create function tests.rings(conversation uuid default tests.conversation())
returns setof jsonb language plpgsql stable
as $$
begin
  return query
    select convert_from(request.body, 'UTF8')::jsonb
    from net.http_request_queue as request
    where convert_from(request.body, 'UTF8')::jsonb ->> 'conversationId' = conversation::text
    order by request.id;
end;
$$;

-- The conversation's rings of which nobody has seen the answer, counted from 1.
create function tests.ring(number integer, conversation uuid default tests.conversation())
returns cc_private.dispatches language sql stable
as $$
  select dispatch
  from cc_private.dispatches as dispatch
  where dispatch.conversation_id = ring.conversation
  order by dispatch.dispatched_at
  limit 1 offset ring.number - 1
$$;

-- The text of the last alert of this kind; null when there was none.
create function tests.alert(kind text)
returns text language sql stable
as $$
  select raised.text from cc_private.alerts as raised where raised.kind = alert.kind
$$;

-- The requests that wait for pg_net to be sent there.
create function tests.requests_to(url text)
returns setof net.http_request_queue language sql stable
as $$
  select request from net.http_request_queue as request where request.url = requests_to.url order by request.id
$$;

-- What verify_audit_chain finds after tampering which the table's guard would refuse, as "changed 3": the kind
-- and the row's number in the untouched chain, or "new". The tampering is then undone.
create function tests.problem_after(
  tampering text, verified uuid default tests.conversation(), chain uuid default tests.conversation()
)
returns text language plpgsql volatile
as $$
declare
  ids bigint[] := (
    select array_agg(entry.id order by entry.id)
    from public.cc_audit_logs as entry
    where coalesce(entry.conversation_id, '00000000-0000-0000-0000-000000000000') = chain
  );
  answer jsonb;
  problem jsonb;
begin
  alter table public.cc_audit_logs disable trigger refuse_audit_change;
  execute tampering;
  answer := public.verify_audit_chain(verified);
  problem := answer #> '{problems, 0}';
  raise exception using errcode = 'TEST1'; -- Only the end of this block takes the tampering back.
exception when sqlstate 'TEST1' then
  return case
    when problem is null then answer ->> 'outcome'
    else concat_ws(
      ' ', problem ->> 'kind',
      case when problem ->> 'row_id' is not null
        then coalesce(array_position(ids, (problem ->> 'row_id')::bigint)::text, 'new')
      end
    )
  end;
end;
$$;

-- The id of the conversation's row with this number.
create function tests.audit_row(number integer, conversation uuid default tests.conversation())
returns bigint language sql stable
as $$
  select entry.id
  from public.cc_audit_logs as entry
  where entry.conversation_id = conversation
  order by entry.id
  limit 1 offset audit_row.number - 1
$$;

-- Rows with hashes that suit them, as only somebody who knows how they are made can write them.
create function tests.rehash(from_id bigint, previous bytea default null)
returns void language plpgsql volatile
as $$
declare
  forged public.cc_audit_logs;
begin
  select entry.* into forged from public.cc_audit_logs as entry where entry.id = from_id;
  forged.previous_hash := coalesce(previous, forged.previous_hash);
  update public.cc_audit_logs as entry
  set previous_hash = forged.previous_hash, hash = cc_private.audit_hash(forged)
  where entry.id = from_id;
end;
$$;

-- Runs a statement in which any write, and any lock on a row, is an error.
create function tests.read_only(statement text)
returns void language plpgsql volatile
as $$
begin
  set local transaction_read_only = on;
  execute statement;
  raise exception using errcode = 'TEST1'; -- Only the end of this block takes the setting back.
exception when sqlstate 'TEST1' then
end;
$$;

select plan(1);
select has_schema('tests', 'the helpers are in place');
select * from finish();
commit;

-- Codes ------------------------------------------------------------------------------------------

-- A turn asks for a code, which then leaves; gives what begin_verification gave.
create function tests.ask_for_code(
  sender text default tests.customer(),
  phone text default '+15005550199',
  again boolean default false
)
returns jsonb language plpgsql volatile
as $$
declare
  begun jsonb;
  turn_id uuid;
begin
  perform tests.receive('What is my balance?', sender => ask_for_code.sender);
  turn_id := (tests.claim(tests.conversation(ask_for_code.sender)) ->> 'turn_id')::uuid;
  begun := public.begin_verification(
    turn_id, (select turn.attempt from public.cc_turns as turn where turn.id = turn_id),
    'sms', phone, ask_for_code.again
  );
  if begun ->> 'outcome' = 'asked' then
    perform public.record_code((begun ->> 'challenge_id')::uuid);
  end if;
  perform public.complete_turn(
    turn_id, (select turn.attempt from public.cc_turns as turn where turn.id = turn_id), array['A code was sent.']
  );
  return begun;
end;
$$;

create function tests.another_code(code text)
returns text language sql immutable
as $$ select lpad(((code::integer + 1) % 1000000)::text, 6, '0') $$;

create function tests.is_verified(sender text default tests.customer())
returns boolean language sql stable
as $$ select cc_private.is_verified(tests.conversation(sender)) $$;
