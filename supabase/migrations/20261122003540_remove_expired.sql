-- What is too old is emptied, and erasures that their callers left half done are finished. A job of its own, once
-- a minute: when nothing is old, it reads one index entry.

create function cc_private.finish_erasures()
returns bigint
language plpgsql
volatile
set search_path = ''
as $$
declare
  unfinished_id uuid;
begin
  select customer.id into unfinished_id
  from public.cc_customers as customer
  where customer.erased_at is not null and customer.emptied_at is null
  order by customer.erased_at
  limit 1;
  if not found then
    return 0;
  end if;
  perform cc_private.erase_some(unfinished_id, cc_private.removal_limit());
  return 1;
end;
$$;

comment on function cc_private.finish_erasures() is 'Goes on with the oldest erasure that is not complete; 0 when all are.';
revoke all on function cc_private.finish_erasures() from public, anon, authenticated, service_role;

create function cc_private.run_removal_step(step text, expired_before timestamptz)
returns bigint
language plpgsql
volatile
set search_path = ''
set lock_timeout = '1s'
as $$
begin
  return case step
    when 'finish_erasures' then cc_private.finish_erasures()
    when 'forget_old_codes' then cc_private.forget_old_codes()
    when 'empty_expired_messages' then cc_private.empty_expired_messages(expired_before)
    when 'empty_expired_webhooks' then cc_private.empty_expired_webhooks(expired_before)
  end;
exception when others then
  perform cc_private.report_sweep_error(step, null, sqlstate);
  return null;
end;
$$;

comment on function cc_private.run_removal_step(text, timestamptz) is 'One step of the removal; null when it failed, which the other steps do not notice.';
revoke all on function cc_private.run_removal_step(text, timestamptz) from public, anon, authenticated, service_role;

create function cc_private.alert_of_undeleted_files()
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  if exists (select from cc_private.file_deletions as deletion where deletion.attempt >= 10) then
    perform cc_private.raise_alert(
      'files_undeleted', 'Storage does not delete files that must go; see cc_private.file_deletions'
    );
  end if;
end;
$$;

comment on function cc_private.alert_of_undeleted_files() is 'Raises an alert while Storage goes on refusing to delete a file.';
revoke all on function cc_private.alert_of_undeleted_files() from public, anon, authenticated, service_role;

create function cc_private.remove_expired()
returns jsonb
language plpgsql
volatile
set search_path = ''
as $$
declare
  expired_before timestamptz := (
    select now() - settings.retention_days * interval '1 day' from public.cc_settings as settings
  );
  removed jsonb := jsonb_build_object(
    'erasures', cc_private.run_removal_step('finish_erasures', null),
    'codes', cc_private.run_removal_step('forget_old_codes', null)
  );
begin
  if expired_before is not null then
    removed := removed || jsonb_build_object(
      'messages', cc_private.run_removal_step('empty_expired_messages', expired_before),
      'webhooks', cc_private.run_removal_step('empty_expired_webhooks', expired_before)
    );
  end if;
  perform cc_private.ring_for_deletions();
  perform cc_private.alert_of_undeleted_files();
  return removed;
end;
$$;

comment on function cc_private.remove_expired() is 'Removes what is older than retention_days and finishes erasures; gives the number of each.';
revoke all on function cc_private.remove_expired() from public, anon, authenticated, service_role;

select cron.schedule('switchboard-remove', '* * * * *', 'select cc_private.remove_expired()');
