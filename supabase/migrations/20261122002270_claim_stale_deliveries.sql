-- Status callbacks are a best effort of Twilio's. A message whose last word never came is asked about, at
-- twice the age each time, and for a week. What is final leaves the watch here, and not when its status
-- comes: a callback then changes no index. So many at once are forty messages a second, all day.

create function cc_private.awaits_last_word(delivery_status text)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return coalesce(delivery_status in ('accepted', 'scheduled', 'queued', 'sending', 'sent'), true);
end;
$$;

comment on function cc_private.awaits_last_word(text) is 'Whether Twilio will say more of a message with this delivery status (null: none yet).';
revoke all on function cc_private.awaits_last_word(text) from public, anon, authenticated, service_role;

create function public.claim_stale_deliveries(maximum integer default 50)
returns jsonb
language sql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
  with final as (
    select message.id
    from public.cc_messages as message, public.cc_settings as settings
    where message.send_state = 'handed_over'
      and message.delivery_watch_ended_at is null
      and message.handed_over_at
        < statement_timestamp() - settings.stale_status_minutes * interval '1 minute'
      and (
        not cc_private.awaits_last_word(message.delivery_status)
        or message.handed_over_at <= statement_timestamp() - interval '7 days'
      )
    order by message.handed_over_at
    limit 5000
    for update of message skip locked
  ),
  unwatched as (
    update public.cc_messages as message
    set delivery_watch_ended_at = clock_timestamp()
    from final
    where message.id = final.id
  ),
  stale as (
    select message.id
    from public.cc_messages as message, public.cc_settings as settings
    where message.send_state = 'handed_over'
      and message.delivery_watch_ended_at is null
      and cc_private.awaits_last_word(message.delivery_status)
      and message.handed_over_at
        < statement_timestamp() - settings.stale_status_minutes * interval '1 minute'
      and message.handed_over_at > statement_timestamp() - interval '7 days'
      and coalesce(
        message.delivery_checked_at + (message.delivery_checked_at - message.handed_over_at),
        '-infinity'
      ) < statement_timestamp()
    order by coalesce(message.delivery_checked_at, message.handed_over_at)
    limit claim_stale_deliveries.maximum
    for update of message skip locked
  ),
  claimed as (
    update public.cc_messages as message
    set delivery_checked_at = clock_timestamp()
    from stale
    where message.id = stale.id
    returning message.id, message.provider_message_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'message_id', claimed.id, 'provider_message_id', claimed.provider_message_id
  )), '[]')
  from claimed
$$;

comment on function public.claim_stale_deliveries(integer) is 'Messages whose delivery status is not final although they were sent long ago, each to one asker; it comes again at twice its age. Definer: callers have no grant on any table.';
revoke all on function public.claim_stale_deliveries(integer) from public, anon, authenticated;
grant execute on function public.claim_stale_deliveries(integer) to service_role;
