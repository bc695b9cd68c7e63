-- What became of the rings: pg_net's answers are read, recorded when they are failures, and removed, since
-- every database role could read them.

-- pg_net dates an answer by the beginning of its batch's transaction, and reads the queue a little later:
-- so a ring that was committed in between is younger than its answer, by milliseconds, or more on a busy
-- machine. Taken for lost, it would be recorded as a failure, and its answer would stay for hours.
create function cc_private.is_answer_to(created timestamptz, dispatched_at timestamptz)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return created >= dispatched_at - interval '5 seconds';
end;
$$;

comment on function cc_private.is_answer_to(timestamptz, timestamptz) is 'Whether an answer of this time may be to a request of that time.';
revoke all on function cc_private.is_answer_to(timestamptz, timestamptz) from public, anon, authenticated, service_role;

create function cc_private.answered_dispatches()
returns table (
  request_id bigint,
  conversation_id uuid,
  message_id uuid,
  dispatched_at timestamptz,
  error_code text
)
language sql
volatile
set search_path = ''
as $$
  -- An id without its time means nothing. An answer appears when the slowest of its batch is through, and
  -- a request may wait in the queue before that; what is in neither place after a minute was lost.
  select
    dispatch.request_id, dispatch.conversation_id, dispatch.message_id, dispatch.dispatched_at,
    case
      when answer.status_code between 200 and 299 then null
      when answer.status_code is not null then 'http_' || answer.status_code
      when answer.timed_out then 'timeout'
      when answer.id is not null then 'no_connection'
      else 'lost'
    end
  from cc_private.dispatches as dispatch
  left join net._http_response as answer
    on answer.id = dispatch.request_id
    and cc_private.is_answer_to(answer.created, dispatch.dispatched_at)
    and not exists (
      select
      from cc_private.dispatches as newer
      where newer.request_id = dispatch.request_id
        and newer.dispatched_at > dispatch.dispatched_at
        and cc_private.is_answer_to(answer.created, newer.dispatched_at)
    )
  where answer.id is not null
    or (
      dispatch.dispatched_at < clock_timestamp() - interval '1 minute'
      and not exists (
        select from net.http_request_queue as request where request.id = dispatch.request_id
      )
    )
  order by dispatch.dispatched_at
  limit cc_private.sweep_limit()
$$;

comment on function cc_private.answered_dispatches() is 'The requests that pg_net has answered, or lost, with the reason when that is a failure.';
revoke all on function cc_private.answered_dispatches() from public, anon, authenticated, service_role;

create function cc_private.forget_dispatch(request_id bigint, dispatched_at timestamptz)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  delete from cc_private.dispatches as dispatch
  where dispatch.request_id = forget_dispatch.request_id
    and dispatch.dispatched_at = forget_dispatch.dispatched_at;
  if not found then
    return false;
  end if;

  delete from net._http_response as answer
  where answer.id = forget_dispatch.request_id
    and cc_private.is_answer_to(answer.created, forget_dispatch.dispatched_at);
  return true;
end;
$$;

comment on function cc_private.forget_dispatch(bigint, timestamptz) is 'Removes a request that is looked at, and pg_net''s answer to it; false when another sweep was quicker. Other applications'' answers stay.';
revoke all on function cc_private.forget_dispatch(bigint, timestamptz) from public, anon, authenticated, service_role;

create function cc_private.check_dispatches()
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  answered record;
  failed_count integer := 0;
begin
  for answered in select * from cc_private.answered_dispatches() loop
    begin
      if answered.error_code is null or answered.conversation_id is null then
        perform cc_private.forget_dispatch(answered.request_id, answered.dispatched_at);
      elsif cc_private.try_lock_conversation(answered.conversation_id)
        and cc_private.forget_dispatch(answered.request_id, answered.dispatched_at)
      then
        perform cc_private.append_audit(answered.conversation_id, cc_private.audit_event(
          'orchestrator_trigger_failed', message_id => answered.message_id,
          output => jsonb_build_object('request_id', answered.request_id),
          error_code => answered.error_code
        ));
        failed_count := failed_count + 1;
      end if;
    exception when others then
      perform cc_private.report_sweep_error('check_dispatches', answered.conversation_id, sqlstate);
      -- Five hundred rows that always fail would hide all others.
      if answered.dispatched_at < clock_timestamp() - interval '1 hour' then
        perform cc_private.forget_dispatch(answered.request_id, answered.dispatched_at);
      end if;
    end;
  end loop;
  return failed_count;
end;
$$;

comment on function cc_private.check_dispatches() is 'Records the rings that failed and forgets those that were answered; gives the number of failures.';
revoke all on function cc_private.check_dispatches() from public, anon, authenticated, service_role;

create function cc_private.trim_run_details()
returns void
language sql
volatile
set search_path = ''
as $$
  -- pg_cron keeps a row for each run, for ever. Ours alone are removed, some at a time.
  delete from cron.job_run_details as details
  where details.runid in (
    select old.runid
    from cron.job_run_details as old
    join cron.job as job on job.jobid = old.jobid
    where job.jobname like 'switchboard-%'
      and old.end_time < clock_timestamp() - interval '1 day'
    limit 1000
  )
$$;

comment on function cc_private.trim_run_details() is 'Forgets the runs of our jobs that are a day old.';
revoke all on function cc_private.trim_run_details() from public, anon, authenticated, service_role;
