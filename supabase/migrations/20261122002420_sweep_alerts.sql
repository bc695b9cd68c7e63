-- What an operator must hear of although nothing failed loudly: customers who wait, sends that stay in
-- doubt, rings that fail again and again, webhooks that nobody understands.

create function cc_private.oldest_unanswered_at()
returns timestamptz
language sql
stable
set search_path = ''
as $$
  select turn.created_at
  from public.cc_turns as turn
  where turn.state in ('pending', 'running', 'retrying')
  order by turn.created_at
  limit 1
$$;

comment on function cc_private.oldest_unanswered_at() is 'Since when the customer waits who waits longest; null when nobody does.';
revoke all on function cc_private.oldest_unanswered_at() from public, anon, authenticated, service_role;

-- The time of the statement, not of the clock: only a stable time can be looked up in an index.
create function cc_private.troubles()
returns table (kind text, text text)
language sql
stable
set search_path = ''
as $$
  select 'customer_unanswered', format(
    'a customer has waited for an answer since %s UTC',
    to_char(cc_private.oldest_unanswered_at() at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
  )
  from public.cc_settings as settings
  where cc_private.oldest_unanswered_at()
    < statement_timestamp() - settings.unanswered_alert_minutes * interval '1 minute'
  union all
  select 'sends_uncertain', 'of a message it is unknown whether Twilio sent it; see that twilio-sync runs'
  from public.cc_settings as settings
  where exists (
    select
    from public.cc_messages as message
    where message.send_state = 'uncertain'
      and message.send_lease_until
        < statement_timestamp() - settings.uncertain_alert_minutes * interval '1 minute'
  )
  union all
  select 'trigger_failures', format('%s rings of the orchestrator failed within ten minutes', failures.count)
  from public.cc_settings as settings, lateral (
    select count(*)
    from public.cc_audit_logs as entry
    where entry.event_type = 'orchestrator_trigger_failed'
      and entry.created_at > statement_timestamp() - interval '10 minutes'
  ) as failures
  where failures.count >= settings.trigger_failures_alert_count
  union all
  select 'webhooks_rejected', 'signed webhooks could not be understood; see cc_rejected_webhooks'
  where exists (
    select
    from public.cc_rejected_webhooks as rejected
    where rejected.created_at > statement_timestamp() - interval '10 minutes'
  )
  union all
  select 'media_failed', 'files of customers were given up; see state and error_code in cc_media'
  where exists (
    select
    from public.cc_media as media
    where media.state = 'failed' and media.finished_at > statement_timestamp() - interval '10 minutes'
      -- What a customer should not have sent is no trouble of ours.
      and media.error_code not in ('too_large', 'type_not_allowed')
  )
  union all
  select trouble.kind, trouble.text from cc_private.audit_troubles() as trouble
  union all
  select trouble.kind, trouble.text from cc_private.sync_troubles() as trouble
$$;

comment on function cc_private.troubles() is 'What is wrong now, each kind with a sentence for the operator.';
revoke all on function cc_private.troubles() from public, anon, authenticated, service_role;

create function cc_private.alert_of_troubles()
returns integer
language sql
volatile
set search_path = ''
as $$
  select count(*)::integer
  from cc_private.troubles() as trouble
  where cc_private.raise_alert(trouble.kind, trouble.text)
$$;

comment on function cc_private.alert_of_troubles() is 'Sends an alert for each trouble; gives the number that left.';
revoke all on function cc_private.alert_of_troubles() from public, anon, authenticated, service_role;
