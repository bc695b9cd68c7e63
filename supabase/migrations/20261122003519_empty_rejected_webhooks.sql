-- A rejected webhook may name anybody: it is found by any of its values that may be an address, and emptied.

create function cc_private.address_like_values(parameters jsonb)
returns text[]
language sql
immutable
set search_path = ''
as $$
  -- Bounded, since an index holds them; an address is never so long.
  select coalesce(array_agg(distinct plain.value), '{}')
  from (
    select regexp_replace(btrim(found.value #>> '{}'), '^([a-z]+:)?\+?', '') as value
    from jsonb_path_query(parameters, 'strict $.** ? (@.type() == "string")') as found (value)
    where length(found.value #>> '{}') between 5 and 320
  ) as plain
  where plain.value ~ '^([0-9]{5,20}|[A-Z]{2}\.[^ ]+)$'
$$;

comment on function cc_private.address_like_values(jsonb) is 'All that may be an address in a webhook''s parameters, without channel and plus: From, To, WaId and whatever comes.';
revoke all on function cc_private.address_like_values(jsonb) from public, anon, authenticated, service_role;

create index cc_rejected_webhooks_addresses_idx
  on public.cc_rejected_webhooks using gin (cc_private.address_like_values(parameters));

create function cc_private.rejected_webhooks_of(addresses text[])
returns setof public.cc_rejected_webhooks
language sql
stable
set search_path = ''
as $$
  select rejected.*
  from public.cc_rejected_webhooks as rejected
  where cc_private.address_like_values(rejected.parameters)
    && cc_private.address_like_values(to_jsonb(rejected_webhooks_of.addresses))
$$;

comment on function cc_private.rejected_webhooks_of(text[]) is 'The rejected webhooks in which one of these addresses stands as a parameter.';
revoke all on function cc_private.rejected_webhooks_of(text[]) from public, anon, authenticated, service_role;

create function cc_private.empty_rejected_webhooks(webhook_ids uuid[])
returns void
language sql
volatile
set search_path = ''
as $$
  update public.cc_rejected_webhooks as rejected
  set parameters = '{}', erased_at = clock_timestamp()
  where rejected.id = any (webhook_ids)
$$;

comment on function cc_private.empty_rejected_webhooks(uuid[]) is 'Removes the parameters of these requests; their signatures stay, so that none comes back.';
revoke all on function cc_private.empty_rejected_webhooks(uuid[]) from public, anon, authenticated, service_role;

-- The planner takes no samples of what is personal: an erasure does not reach them.
alter table public.cc_rejected_webhooks alter column parameters set statistics 0;
alter index public.cc_rejected_webhooks_addresses_idx alter column 1 set statistics 0;
