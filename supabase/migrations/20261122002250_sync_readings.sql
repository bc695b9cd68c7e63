-- How far Twilio's list of messages has been read. The cursor only moves on, and only over what was read
-- without a gap, so any number of readings may run at once.

create table cc_private.sync_cursors (
  business_address text not null,
  direction text not null constraint direction_is_valid check (direction in ('inbound', 'outbound')),
  read_until timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),

  primary key (business_address, direction)
);

comment on table cc_private.sync_cursors is 'Up to which of Twilio''s times the messages to and from a business address are read, and when a reading last came to its end.';
alter table cc_private.sync_cursors enable row level security;
create policy "the api reads nothing here" on cc_private.sync_cursors
  for all to anon, authenticated using (false);

create function cc_private.configured_readings()
returns setof cc_private.sync_cursors
language sql
stable
set search_path = ''
as $$
  select reading
  from public.cc_settings as settings
  join cc_private.sync_cursors as reading on reading.business_address = any (settings.business_addresses)
$$;

comment on function cc_private.configured_readings() is 'The cursors of the business addresses that the settings name now.';
revoke all on function cc_private.configured_readings() from public, anon, authenticated, service_role;

create function cc_private.add_sync_cursors()
returns void
language sql
volatile
set search_path = ''
as $$
  insert into cc_private.sync_cursors (business_address, direction)
  select distinct named.address, sides.direction
  from public.cc_settings as settings,
    unnest(settings.business_addresses) as named (address),
    (values ('inbound'), ('outbound')) as sides (direction)
  where named.address <> ''
  -- In one order: two at once must not wait for each other.
  order by 1, 2
  on conflict on constraint sync_cursors_pkey do nothing
$$;

comment on function cc_private.add_sync_cursors() is 'Begins to count for the business addresses that are new.';
revoke all on function cc_private.add_sync_cursors() from public, anon, authenticated, service_role;

create function public.begin_sync(since timestamptz default null)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  perform cc_private.add_sync_cursors();
  return (
    select jsonb_build_object(
      'sync_since', settings.sync_since,
      'readings', coalesce(
        (
          select jsonb_agg(
            jsonb_build_object(
              'business_address', reading.business_address,
              'direction', reading.direction,
              'read_from', bounds.read_from,
              'read_until', bounds.read_until
            )
            -- The customers first: what another system wrote belongs to them.
            order by reading.direction, reading.business_address
          )
          from cc_private.configured_readings() as reading, lateral (
            select
              greatest(settings.sync_since, coalesce(
                begin_sync.since, reading.read_until - settings.sync_overlap_minutes * interval '1 minute'
              )) as read_from,
              clock_timestamp() - settings.sync_min_age_seconds * interval '1 second' as read_until
          ) as bounds
          where bounds.read_from < bounds.read_until
        ),
        '[]'
      )
    )
    from public.cc_settings as settings
  );
end;
$$;

comment on function public.begin_sync(timestamptz) is 'What is to be read of Twilio''s list: of each business address and direction the times from which and until which, from its cursor on or from since; nothing before sync_since. Definer: callers have no grant on any table.';
revoke all on function public.begin_sync(timestamptz) from public, anon, authenticated;
grant execute on function public.begin_sync(timestamptz) to service_role;

create function public.complete_reading(
  business_address text,
  direction text,
  read_from timestamptz,
  read_until timestamptz,
  is_last boolean
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  update cc_private.sync_cursors as reading
  set read_until = case
      -- Not over a gap: a reading by hand may begin later than the cursor stands.
      when complete_reading.read_from <= coalesce(reading.read_until, settings.sync_since)
      then greatest(reading.read_until, complete_reading.read_until)
      else reading.read_until
    end,
    completed_at = case when is_last then clock_timestamp() else reading.completed_at end
  from public.cc_settings as settings
  where reading.business_address = complete_reading.business_address
    and reading.direction = complete_reading.direction;
  return jsonb_build_object('outcome', case when found then 'recorded' else 'unknown_reading' end);
end;
$$;

comment on function public.complete_reading(text, text, timestamptz, timestamptz, boolean) is 'This part of Twilio''s list is read and all of it stored: the cursor moves on, unless that left a gap; is_last says that it was read to its end. Definer: callers have no grant on any table.';
revoke all on function public.complete_reading(text, text, timestamptz, timestamptz, boolean) from public, anon, authenticated;
grant execute on function public.complete_reading(text, text, timestamptz, timestamptz, boolean) to service_role;

create function cc_private.sync_troubles()
returns table (kind text, text text)
language sql
stable
set search_path = ''
as $$
  select 'webhooks_missed', format(
    '%s messages came by no webhook within %s minutes; run deno task webhook:check',
    missed.count, settings.webhooks_missed_alert_minutes
  )
  from public.cc_settings as settings, lateral (
    select count(*)
    from public.cc_messages as message
    where message.recovered_at
        > statement_timestamp() - settings.webhooks_missed_alert_minutes * interval '1 minute'
      and message.direction = 'inbound'
      and message.completed_at is null
  ) as missed
  where missed.count >= settings.webhooks_missed_alert_count
  union all
  select 'sync_stopped', 'Twilio''s list of messages has not been read to its end for too long; see that twilio-sync runs'
  from public.cc_settings as settings
  where exists (
    select
    from cc_private.configured_readings() as reading
    where coalesce(reading.completed_at, reading.created_at)
      < statement_timestamp() - settings.sync_stopped_alert_minutes * interval '1 minute'
  )
$$;

comment on function cc_private.sync_troubles() is 'What is wrong with the webhooks, or with the sync that stands in for them.';
revoke all on function cc_private.sync_troubles() from public, anon, authenticated, service_role;
