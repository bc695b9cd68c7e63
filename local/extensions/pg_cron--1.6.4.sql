-- Stand-in for pg_cron 1.6: the same tables, functions, rights and errors. The jobs are run by
-- local/pg_cron_worker.ts.

create schema cron;

create sequence cron.jobid_seq;
create sequence cron.runid_seq;

create table cron.job (
  jobid bigint primary key default nextval('cron.jobid_seq'),
  schedule text not null,
  command text not null,
  nodename text not null default 'localhost',
  nodeport int not null default inet_server_port(),
  database text not null default current_database(),
  username text not null default current_user,
  active bool not null default true,
  jobname text,
  constraint jobname_username_uniq unique (jobname, username)
);

alter table cron.job enable row level security;
create policy cron_job_policy on cron.job using (username = current_user);

create table cron.job_run_details (
  jobid bigint,
  runid bigint primary key default nextval('cron.runid_seq'),
  job_pid int,
  database text,
  username text,
  command text,
  status text,
  return_message text,
  start_time timestamptz,
  end_time timestamptz
);

alter table cron.job_run_details enable row level security;
create policy cron_job_run_details_policy on cron.job_run_details using (username = current_user);

-- Tells the worker to read the jobs anew.
create function cron.job_cache_invalidate()
returns trigger
language plpgsql
as $$
begin
  notify pg_cron_job_cache;
  return null;
end
$$;

create trigger cron_job_cache_invalidate
after insert or update or delete or truncate on cron.job
for each statement execute function cron.job_cache_invalidate();

-- Schedules -------------------------------------------------------------------------------------

-- One of the five fields: a list of `*`, values and ranges, each with an optional step.
create function cron._field_is_valid(field text, low int, high int, names text[])
returns bool
language plpgsql
immutable
as $$
declare
  part text;
  bounds text[];
  bound text;
begin
  foreach part in array string_to_array(lower(field), ',') loop
    if part ~ '^\*(/0*[1-9]\d*)?$' then
      continue;
    end if;
    bounds := regexp_match(part, '^(\w+)(?:-(\w+)(?:/0*[1-9]\d*)?)?$');
    if bounds is null then
      return false;
    end if;
    foreach bound in array array_remove(bounds, null) loop
      if bound ~ '^\d{1,2}$' and bound::int between low and high
        or bound = any (names)
      then
        continue;
      end if;
      return false;
    end loop;
  end loop;
  return true;
end
$$;

create function cron._schedule_is_valid(schedule text)
returns bool
language plpgsql
immutable
as $$
declare
  trimmed constant text := lower(btrim(schedule, E' \t\n'));
  fields constant text[] := regexp_split_to_array(trimmed, '\s+');
begin
  if trimmed ~ '^\d+ +seconds?$' then
    return substring(trimmed from '^\d+')::numeric between 1 and 59;
  end if;
  if trimmed ~ '^@' then
    return trimmed in (
      '@reboot', '@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'
    );
  end if;
  return cardinality(fields) = 5
    and cron._field_is_valid(fields[1], 0, 59, '{}')
    and cron._field_is_valid(fields[2], 0, 23, '{}')
    and (fields[3] = '$' or cron._field_is_valid(fields[3], 1, 31, '{}'))
    and cron._field_is_valid(
      fields[4], 1, 12, '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}'
    )
    and cron._field_is_valid(fields[5], 0, 7, '{sun,mon,tue,wed,thu,fri,sat}');
end
$$;

create function cron._check_schedule(schedule text)
returns void
language plpgsql
immutable
as $$
begin
  if not cron._schedule_is_valid(schedule) then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('invalid schedule: %s', schedule),
      hint = 'Use cron format (e.g. 5 4 * * *), or interval format ''[1-59] seconds''';
  end if;
end
$$;

-- Jobs ------------------------------------------------------------------------------------------

-- The real functions are written in C and reach the tables past grants and policies, for the
-- caller's own jobs. These `_` functions are what they reach the tables with here: a definer
-- cannot see who called, so the name is an argument, and a role with usage on the schema (only
-- `postgres` has it) could lie about it.
create function cron._save_job(
  job_name text, schedule text, command text, database text, username text, active bool
)
returns bigint
language plpgsql
security definer
set search_path = ''
as $$
declare
  job_id bigint;
begin
  perform cron._check_schedule(_save_job.schedule);
  insert into cron.job (jobname, schedule, command, database, username, active)
  values (
    _save_job.job_name,
    _save_job.schedule,
    _save_job.command,
    _save_job.database,
    _save_job.username,
    _save_job.active
  )
  -- A job that was switched off stays off.
  on conflict on constraint jobname_username_uniq do update set
    schedule = excluded.schedule,
    command = excluded.command,
    database = excluded.database
  returning job.jobid into job_id;
  return job_id;
end
$$;

create function cron._delete_job(job_id bigint, job_name text, username text)
returns bool
language plpgsql
security definer
set search_path = ''
as $$
begin
  delete from cron.job
  where (job.jobid = _delete_job.job_id or job.jobname = _delete_job.job_name)
    and job.username = _delete_job.username;
  if not found then
    raise exception using
      errcode = 'internal_error',
      message = pg_catalog.format(
        'could not find valid entry for job %s',
        coalesce(_delete_job.job_id::text, pg_catalog.quote_literal(_delete_job.job_name))
      );
  end if;
  return true;
end
$$;

create function cron._change_job(
  job_id bigint,
  schedule text,
  command text,
  database text,
  username text,
  active bool,
  caller text
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  if _change_job.schedule is not null then
    perform cron._check_schedule(_change_job.schedule);
  end if;
  update cron.job
  set
    schedule = coalesce(_change_job.schedule, job.schedule),
    command = coalesce(_change_job.command, job.command),
    database = coalesce(_change_job.database, job.database),
    username = coalesce(_change_job.username, job.username),
    active = coalesce(_change_job.active, job.active)
  where job.jobid = _change_job.job_id
    and job.username = _change_job.caller;
  if not found then
    raise exception using
      errcode = 'internal_error',
      message = pg_catalog.format(
        'Job %s does not exist or you don''t own it', _change_job.job_id
      );
  end if;
end
$$;

create function cron.schedule(schedule text, command text)
returns bigint
language sql
strict
as $$
  select cron._save_job(null, schedule, command, current_database(), current_user, true)
$$;

create function cron.schedule(job_name text, schedule text, command text)
returns bigint
language sql
as $$
  select cron._save_job(job_name, schedule, command, current_database(), current_user, true)
$$;

create function cron.schedule_in_database(
  job_name text,
  schedule text,
  command text,
  database text,
  username text default null,
  active bool default true
)
returns bigint
language sql
as $$
  select cron._save_job(
    job_name, schedule, command, database, coalesce(username, current_user), active
  )
$$;

create function cron.alter_job(
  job_id bigint,
  schedule text default null,
  command text default null,
  database text default null,
  username text default null,
  active bool default null
)
returns void
language sql
as $$
  select cron._change_job(job_id, schedule, command, database, username, active, current_user)
$$;

create function cron.unschedule(job_id bigint)
returns bool
language sql
strict
as $$
  select cron._delete_job(job_id, null, current_user)
$$;

create function cron.unschedule(job_name text)
returns bool
language sql
strict
as $$
  select cron._delete_job(null, job_name, current_user)
$$;

-- Rights: the script's own, then those which the platform adds after `create extension` ----------

grant select on cron.job to public;
grant select, delete on cron.job_run_details to public;
revoke execute on function
  cron.schedule_in_database(text, text, text, text, text, bool),
  cron.alter_job(bigint, text, text, text, text, bool)
from public;

grant usage on schema cron to postgres with grant option;
grant all on all functions in schema cron to postgres with grant option;
grant select on cron.job to postgres with grant option;
grant all on cron.job_run_details to postgres with grant option;
revoke trigger on cron.job_run_details from postgres;
