-- Writing the audit: events go in, redacted rows come out, each bound to the one before by its hash.
-- Callers hold their conversation's lock; the chain's head moves only from what its writer has read.

create table cc_private.audit_chains (
  id uuid primary key,
  head bytea not null default '\x',
  row_count bigint not null default 0
);

-- Rows that belong to no conversation form one chain of their own, under the nil id.
insert into cc_private.audit_chains (id) values ('00000000-0000-0000-0000-000000000000');

-- Each message changes its row: with room in its page, that costs no index anything.
alter table cc_private.audit_chains set (fillfactor = 70);

comment on table cc_private.audit_chains is 'Head and length of each conversation''s audit chain.';
comment on column cc_private.audit_chains.id is 'The conversation''s id; the nil id for rows without a conversation.';
alter table cc_private.audit_chains enable row level security;
create policy "the api reads nothing here" on cc_private.audit_chains
  for all to anon, authenticated using (false);

create function cc_private.start_audit_chain()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  insert into cc_private.audit_chains (id) values (new.id);
  return null;
end;
$$;

comment on function cc_private.start_audit_chain() is 'Gives a new conversation its audit chain.';
revoke all on function cc_private.start_audit_chain() from public, anon, authenticated, service_role;

create trigger start_audit_chain
  after insert on public.cc_conversations
  for each row execute function cc_private.start_audit_chain();

create type cc_private.audit_event as (
  event_type text,
  actor_type text,
  message_id uuid,
  input jsonb,
  output jsonb,
  error_code text,
  error_message text
);

create function cc_private.audit_event(
  event_type text,
  actor_type text default 'system',
  message_id uuid default null,
  input jsonb default '{}',
  output jsonb default '{}',
  error_code text default null,
  error_message text default null
)
returns cc_private.audit_event
language plpgsql
immutable
set search_path = ''
as $$
begin
  return row(event_type, actor_type, message_id, input, output, error_code, error_message)::cc_private.audit_event;
end;
$$;

comment on function cc_private.audit_event(text, text, uuid, jsonb, jsonb, text, text) is 'One step to be recorded. An error_message must be free of customer data: the database''s own words, or ours.';
revoke all on function cc_private.audit_event(text, text, uuid, jsonb, jsonb, text, text) from public, anon, authenticated, service_role;

create function cc_private.audit_hash(entry public.cc_audit_logs)
returns bytea
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Time as a number: text forms of it depend on the session's settings. Not as a bigint: a time that was
  -- changed to infinity must be found, and no error.
  return sha256(entry.previous_hash || convert_to(jsonb_build_array(
    entry.id, entry.conversation_id, entry.message_id, entry.actor_type, entry.event_type,
    entry.input_redacted, entry.output_redacted, entry.success, entry.error_code, entry.error_message,
    trunc(extract(epoch from entry.created_at) * 1000000)
  )::text, 'UTF8'));
end;
$$;

comment on function cc_private.audit_hash(public.cc_audit_logs) is 'SHA-256 over the previous hash and the row in canonical form.';
revoke all on function cc_private.audit_hash(public.cc_audit_logs) from public, anon, authenticated, service_role;

create function cc_private.printable_code(code text)
returns text
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- Codes come from callers: what is no code may be anything, a customer's words too.
  return case
    when code ~ '^[A-Za-z0-9_]{1,60}$' then code
    when code is not null then 'unprintable_code'
  end;
end;
$$;

comment on function cc_private.printable_code(text) is 'The code, when it is one; it may then stand in the audit and in alerts.';
revoke all on function cc_private.printable_code(text) from public, anon, authenticated, service_role;

create function cc_private.append_entries(conversation_id uuid, entries public.cc_audit_logs[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  chain_id uuid := coalesce(append_entries.conversation_id, '00000000-0000-0000-0000-000000000000');
  last_head bytea;
  new_head bytea;
  entry public.cc_audit_logs;
begin
  -- No lock before the update, which would cost a second version of the chain's row: callers hold
  -- their conversation's lock. Where somebody was quicker after all, it is built anew on theirs.
  loop
    select chain.head into strict last_head
    from cc_private.audit_chains as chain
    where chain.id = chain_id;
    new_head := last_head;
    for place in 1 .. cardinality(entries) loop
      entry := entries[place];
      entry.id := nextval('public.cc_audit_logs_id_seq');
      entry.previous_hash := new_head;
      new_head := cc_private.audit_hash(entry);
      entry.hash := new_head;
      entries[place] := entry;
    end loop;
    update cc_private.audit_chains as chain
    set head = new_head, row_count = chain.row_count + cardinality(entries)
    where chain.id = chain_id and chain.head = last_head;
    exit when found;
  end loop;
  insert into public.cc_audit_logs select * from unnest(entries);
end;
$$;

comment on function cc_private.append_entries(uuid, public.cc_audit_logs[]) is 'Writes rows at the end of the conversation''s chain (null: the chain without a conversation), which gives them their ids and hashes. What they say must have been redacted.';
revoke all on function cc_private.append_entries(uuid, public.cc_audit_logs[]) from public, anon, authenticated, service_role;

create function cc_private.append_audit(conversation_id uuid, variadic events cc_private.audit_event[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  event cc_private.audit_event;
  facts jsonb[] := '{}';
  redacted jsonb[];
  entries public.cc_audit_logs[] := '{}';
begin
  foreach event in array events loop
    facts := facts || array[event.input, event.output];
  end loop;
  redacted := cc_private.redact_each(facts);
  for place in 1 .. cardinality(events) loop
    event := events[place];
    entries[place] := row(
      null, append_audit.conversation_id, event.message_id, event.actor_type, event.event_type,
      redacted[2 * place - 1], redacted[2 * place], event.error_code is null,
      case when event.error_code is not null then cc_private.printable_code(event.error_code) end,
      left(event.error_message, 200), clock_timestamp(), null, null
    )::public.cc_audit_logs;
  end loop;
  perform cc_private.append_entries(conversation_id, entries);
end;
$$;

comment on function cc_private.append_audit(uuid, cc_private.audit_event[]) is 'Records steps in the current transaction, at the end of the conversation''s chain (null: the chain without a conversation).';
revoke all on function cc_private.append_audit(uuid, cc_private.audit_event[]) from public, anon, authenticated, service_role;
