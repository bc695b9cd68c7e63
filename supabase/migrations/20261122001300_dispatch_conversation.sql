-- Ringing the orchestrator. pg_net sends after COMMIT and promises nothing; so a dispatch is only a
-- hint, and whatever goes wrong here must not cost the message that it is about.

create type cc_private.dispatch_result as (request_id bigint, error_code text, error_message text);

create function cc_private.dispatch_body(
  conversation public.cc_conversations,
  customer_name text,
  message_id uuid,
  message_text text
)
returns jsonb
language plpgsql
immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'conversationId', conversation.id,
    'messageId', message_id,
    'message', message_text,
    'customerInfo', jsonb_build_object(
      'address', conversation.provider_conversation_id,
      'name', customer_name
    ),
    'channel', jsonb_build_object(
      'name', conversation.channel,
      'provider', conversation.provider,
      'from', conversation.provider_conversation_id,
      'to', conversation.business_address
    )
  );
end;
$$;

comment on function cc_private.dispatch_body(public.cc_conversations, text, uuid, text) is 'The orchestrator''s contract: what it is told of a conversation and a message.';
revoke all on function cc_private.dispatch_body(public.cc_conversations, text, uuid, text) from public, anon, authenticated, service_role;

create function cc_private.vault_secret(name text)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  secret text;
begin
  select entry.decrypted_secret into secret
  from vault.decrypted_secrets as entry
  where entry.name = vault_secret.name;

  if coalesce(secret, '') = '' then
    raise exception 'Cannot read secret "%": it is not in Vault', name using errcode = 'SB002';
  end if;
  return secret;
end;
$$;

comment on function cc_private.vault_secret(text) is 'A secret by name; raises SB002 where there is none.';
revoke all on function cc_private.vault_secret(text) from public, anon, authenticated, service_role;

create type cc_private.door as (url text, key text);

create function cc_private.door_of(function_name text)
returns cc_private.door
language plpgsql
stable
set search_path = ''
as $$
declare
  url_name text := function_name || '_url';
  key_name text := function_name || '_key';
  door cc_private.door;
begin
  select
    max(entry.decrypted_secret) filter (where entry.name = url_name),
    max(entry.decrypted_secret) filter (where entry.name = key_name)
  into door
  from vault.decrypted_secrets as entry
  where entry.name in (url_name, key_name);

  if coalesce(door.url, '') = '' or coalesce(door.key, '') = '' then
    raise exception 'Cannot read secret "%": it is not in Vault',
      case when coalesce(door.url, '') = '' then url_name else key_name end
      using errcode = 'SB002';
  end if;
  return door;
end;
$$;

comment on function cc_private.door_of(text) is 'Where a function of ours is rung, and with which key: the secrets <name>_url and <name>_key; raises SB002 where one is missing.';
revoke all on function cc_private.door_of(text) from public, anon, authenticated, service_role;

-- What was rung, until the sweep has seen pg_net's answer. pg_net's ids start again after a crash, so an
-- id means something only together with its time.
create table cc_private.dispatches (
  request_id bigint not null,
  conversation_id uuid,
  message_id uuid,
  dispatched_at timestamptz not null default clock_timestamp(),

  primary key (dispatched_at, request_id)
);

comment on table cc_private.dispatches is 'Requests given to pg_net whose answer nobody has looked at yet; without a conversation it was no dispatch but an alert or a call of the sync.';
alter table cc_private.dispatches enable row level security;
create policy "the api reads nothing here" on cc_private.dispatches
  for all to anon, authenticated using (false);

create function cc_private.post_by_pg_net(
  url text,
  body jsonb,
  apikey text,
  timeout_ms integer,
  conversation_id uuid default null,
  message_id uuid default null
)
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  request_id bigint;
begin
  request_id := net.http_post(
    url => url,
    body => body,
    headers => jsonb_strip_nulls(jsonb_build_object('Content-Type', 'application/json', 'apikey', apikey)),
    timeout_milliseconds => timeout_ms
  );
  insert into cc_private.dispatches (request_id, conversation_id, message_id)
  values (request_id, post_by_pg_net.conversation_id, post_by_pg_net.message_id);
  return request_id;
end;
$$;

comment on function cc_private.post_by_pg_net(text, jsonb, text, integer, uuid, uuid) is 'Has pg_net post after COMMIT, and notes it for the sweep; raises what pg_net raises.';
revoke all on function cc_private.post_by_pg_net(text, jsonb, text, integer, uuid, uuid) from public, anon, authenticated, service_role;

create function cc_private.ring_function(function_name text, body jsonb default '{}')
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  door cc_private.door := cc_private.door_of(function_name);
begin
  perform cc_private.post_by_pg_net(url => door.url, body => body, apikey => door.key, timeout_ms => 5000);
end;
$$;

comment on function cc_private.ring_function(text, jsonb) is 'Rings a function of ours after COMMIT; raises what pg_net or Vault raises.';
revoke all on function cc_private.ring_function(text, jsonb) from public, anon, authenticated, service_role;

create function cc_private.ring_orchestrator(conversation_id uuid, message_id uuid, body jsonb)
returns cc_private.dispatch_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  door cc_private.door;
  result cc_private.dispatch_result;
begin
  door := cc_private.door_of('orchestrator');
  result.request_id := cc_private.post_by_pg_net(
    url => door.url,
    body => body,
    apikey => door.key,
    timeout_ms => 5000,
    conversation_id => conversation_id,
    message_id => message_id
  );
  return result;
exception when others then
  result.error_code := sqlstate;
  result.error_message := sqlerrm;
  return result;
end;
$$;

comment on function cc_private.ring_orchestrator(uuid, uuid, jsonb) is 'Rings the orchestrator after COMMIT and never raises: the result says why it could not.';
revoke all on function cc_private.ring_orchestrator(uuid, uuid, jsonb) from public, anon, authenticated, service_role;

create function cc_private.dispatch_conversation(conversation_id uuid, message_id uuid)
returns cc_private.dispatch_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  body jsonb;
begin
  select cc_private.dispatch_body(conversation, customer.name, message.id, message.body_text) into body
  from public.cc_conversations as conversation
  join public.cc_customers as customer on customer.id = conversation.customer_id
  left join public.cc_messages as message on message.id = dispatch_conversation.message_id
  where conversation.id = dispatch_conversation.conversation_id;
  return cc_private.ring_orchestrator(conversation_id, message_id, body);
end;
$$;

comment on function cc_private.dispatch_conversation(uuid, uuid) is 'Rings the orchestrator for a conversation, and a message in it; never raises.';
revoke all on function cc_private.dispatch_conversation(uuid, uuid) from public, anon, authenticated, service_role;
