-- Stand-in for pg_net 0.20.4: the same tables, types, functions, grants and errors. The requests
-- are made by local/pg_net_worker.ts.

create schema net;

create domain net.http_method as text
  check (value ilike 'get' or value ilike 'post' or value ilike 'delete');

create unlogged sequence net.http_request_queue_id_seq;

-- Unlogged like the real ones: what waits here is gone after a crash.
create unlogged table net.http_request_queue (
  id bigint not null default nextval('net.http_request_queue_id_seq'),
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);

alter sequence net.http_request_queue_id_seq owned by net.http_request_queue.id;

create unlogged table net._http_response (
  id bigint,
  status_code int,
  content_type text,
  headers jsonb,
  content text,
  timed_out bool,
  error_msg text,
  created timestamptz not null default now()
);

create index on net._http_response (created);

create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');

create type net.http_response as (status_code int, headers jsonb, body text);

create type net.http_response_result as (
  status net.request_status,
  message text,
  response net.http_response
);

-- The worker ------------------------------------------------------------------------------------

create function net.check_worker_is_up()
returns void
language plpgsql
as $$
begin
  if not exists (
    select
    from pg_catalog.pg_stat_activity
    where application_name = 'pg_net 0.20.4'
      and datname = pg_catalog.current_database()
  ) then
    raise exception using
      message = 'the pg_net background worker is not up',
      detail = 'the pg_net background worker is down due to an internal error and cannot process requests',
      hint = 'make sure that you didn''t modify any of pg_net internal tables';
  end if;
end
$$;

-- Rings the worker when this transaction commits, and not when it rolls back.
--
-- The real one registers a callback which, at commit, sets a flag in shared memory by
-- compare-and-swap from 0 to 1, and sets the worker's latch only when the flag was 0. Here the
-- latch is a notification and the flag is an advisory lock which the worker holds while the flag
-- is 1. The flag is not an ornament: `notify` takes a lock at commit that lets only one
-- transaction of the database commit at a time, which would slow down what we measure. So a caller
-- notifies only while the flag is 0, which under load is once per run of the worker.
--
-- The lock is taken and given back in one expression, where nothing can interrupt. The caller
-- looks at the flag now, not at its commit: the worker may put the flag back to 0 in between, and
-- then this ring is lost. The worker knows this: after putting the flag back it looks at the queue
-- once a second until every transaction of that moment has ended (see pg_net_worker.ts).
create function net.wake()
returns void
language plpgsql
as $$
begin
  if pg_catalog.pg_try_advisory_lock_shared(7305809893228047)
    and pg_catalog.pg_advisory_unlock_shared(7305809893228047)
  then
    notify pg_net_wake;
  end if;
end
$$;

create function net.worker_restart()
returns bool
language plpgsql
as $$
begin
  notify pg_net_wake, 'restart';
  return true;
end
$$;

create function net.wait_until_running()
returns void
language plpgsql
as $$
begin
  loop
    begin
      perform net.check_worker_is_up();
      return;
    exception when raise_exception then
      perform pg_catalog.pg_sleep(0.05);
      perform pg_catalog.pg_stat_clear_snapshot();
    end;
  end loop;
end
$$;

-- URLs ------------------------------------------------------------------------------------------

create function net._urlencode_string(string varchar)
returns text
language sql
immutable
strict
as $$
  select coalesce(
    pg_catalog.string_agg(
      case
        when pg_catalog.chr(byte.code) ~ '[A-Za-z0-9._~-]' and byte.code < 128
        then pg_catalog.chr(byte.code)
        else '%' || pg_catalog.upper(pg_catalog.lpad(pg_catalog.to_hex(byte.code), 2, '0'))
      end,
      '' order by byte.index
    ),
    ''
  )
  from (
    select index, pg_catalog.get_byte(pg_catalog.convert_to(string, 'UTF8'), index) as code
    from pg_catalog.generate_series(
      0, pg_catalog.octet_length(pg_catalog.convert_to(string, 'UTF8')) - 1
    ) as index
  ) as byte
$$;

-- The real one asks curl's URL parser. This is as much of its rules as decides between a URL that
-- is taken and one that raises; the reasons are curl's own words.
create function net._encode_url_with_params_array(url text, params_array text[])
returns text
language plpgsql
immutable
strict
as $$
begin
  -- The real one's parser is C and costs nothing; here the usual URL is known by one expression.
  if params_array = '{}' and url ~ '^https?://[a-z0-9.-]+(:[1-5]?[0-9]{1,4})?/[a-zA-Z0-9._/-]*$' then
    return url;
  end if;
  declare
    scheme constant text := lower(substring(url from '^([A-Za-z][A-Za-z0-9+.-]*):'));
    slashes constant text := substring(url from '^[^:]*:(/*)');
    authority constant text := substring(url from '^[^:]*:/*([^/?#]*)');
    rest constant text := substring(url from '^[^:]*:/*[^/?#]*(.*)$');
    port constant text := substring(authority from ':([^:@\]]*)$');
    path text := substring(rest from '^[^?#]*');
    query text := substring(rest from '^[^?#]*\?([^#]*)');
    fragment constant text := coalesce(substring(rest from '#.*$'), '');
    reason constant text := case
      when scheme is null then 'Bad scheme'
      when scheme not in (
        'http', 'https', 'ftp', 'ftps', 'file', 'dict', 'gopher', 'gophers', 'imap', 'imaps', 'ldap',
        'ldaps', 'mqtt', 'pop3', 'pop3s', 'rtsp', 'scp', 'sftp', 'smb', 'smbs', 'smtp', 'smtps',
        'telnet', 'tftp', 'ws', 'wss'
      ) then 'Unsupported URL scheme'
      when length(slashes) not between 1 and 3 then 'Unsupported number of slashes'
      when url ~ '[\x01-\x1f\x7f]' then 'Malformed input to a URL function'
      when port !~ '^0*\d{0,5}$' or lpad(right(port, 5), 5, '0') > '65535'
        then 'Port number was not a decimal number between 0 and 65535'
      when scheme <> 'file' and (authority ~ '[ <>"{}|\\^`]' or authority = '') then 'Bad hostname'
      when path ~ ' ' then 'Bad path'
      when query ~ ' ' then 'Bad query'
      when fragment ~ ' ' then 'Bad fragment'
    end;
  begin
    if reason is not null then
      raise exception using
        errcode = 'XX000',
        message = format('invalid URL "%s": %s', url, reason);
    end if;
    path := coalesce(nullif(path, ''), '/');
    query := nullif(concat_ws('&', nullif(query, ''), nullif(array_to_string(params_array, '&'), '')), '');
    return scheme || ':' || slashes || authority || path || coalesce('?' || query, '') || fragment;
  end;
end
$$;

-- Requests --------------------------------------------------------------------------------------

create function net.http_get(
  url text,
  params jsonb default '{}',
  headers jsonb default '{}',
  timeout_milliseconds int default 5000
)
returns bigint
language plpgsql
as $$
declare
  request_id bigint;
  params_array text[];
begin
  select coalesce(array_agg(net._urlencode_string(key) || '=' || net._urlencode_string(value)), '{}')
  into params_array
  from jsonb_each_text(params)
  where value is not null;

  insert into net.http_request_queue (method, url, headers, timeout_milliseconds)
  values ('GET', net._encode_url_with_params_array(url, params_array), headers, timeout_milliseconds)
  returning id into request_id;

  perform net.wake();
  return request_id;
end
$$;

create function net.http_post(
  url text,
  body jsonb default '{}',
  params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}',
  timeout_milliseconds int default 5000
)
returns bigint
language plpgsql
as $$
declare
  request_id bigint;
  params_array text[];
  content_type text;
begin
  select header.value
  into content_type
  from jsonb_each_text(coalesce(headers, '{}')) as header (name, value)
  where lower(header.name) = 'content-type'
  limit 1;

  if content_type is null then
    headers := headers || '{"Content-Type": "application/json"}';
  elsif content_type <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  end if;

  select coalesce(array_agg(net._urlencode_string(key) || '=' || net._urlencode_string(value)), '{}')
  into params_array
  from jsonb_each_text(params)
  where value is not null;

  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (
    'POST',
    net._encode_url_with_params_array(url, params_array),
    headers,
    convert_to(body::text, 'UTF8'),
    timeout_milliseconds
  )
  returning id into request_id;

  perform net.wake();
  return request_id;
end
$$;

create function net.http_delete(
  url text,
  params jsonb default '{}',
  headers jsonb default '{}',
  timeout_milliseconds int default 5000,
  body jsonb default null
)
returns bigint
language plpgsql
as $$
declare
  request_id bigint;
  params_array text[];
begin
  select coalesce(array_agg(net._urlencode_string(key) || '=' || net._urlencode_string(value)), '{}')
  into params_array
  from jsonb_each_text(params)
  where value is not null;

  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (
    'DELETE',
    net._encode_url_with_params_array(url, params_array),
    headers,
    convert_to(body::text, 'UTF8'),
    timeout_milliseconds
  )
  returning id into request_id;

  perform net.wake();
  return request_id;
end
$$;

-- Answers ---------------------------------------------------------------------------------------

create function net._await_response(request_id bigint)
returns bool
language plpgsql
strict
as $$
begin
  while not exists (select from net._http_response where id = request_id) loop
    perform pg_catalog.pg_sleep(0.05);
  end loop;
  return true;
end
$$;

create function net._http_collect_response(request_id bigint, async bool default true)
returns net.http_response_result
language plpgsql
strict
as $$
declare
  answer net._http_response;
begin
  if not async then
    perform net._await_response(request_id);
  end if;
  select * into answer from net._http_response where id = request_id;
  if answer.id is null or answer.error_msg is not null then
    return ('ERROR', coalesce(answer.error_msg, 'request matching request_id not found'), null)::net.http_response_result;
  end if;
  return (
    'SUCCESS', 'ok', (answer.status_code, answer.headers, answer.content)::net.http_response
  )::net.http_response_result;
end
$$;

-- Broken in the real 0.20.4 in the same way: it always raises 42601.
create function net.http_collect_response(request_id bigint, async bool default true)
returns net.http_response_result
language plpgsql
strict
as $$
begin
  select net._http_collect_response(request_id, async);
end
$$;

-- Rights: the script's own, then those which the platform adds after `create extension` ----------

grant usage on schema net to public;
grant all on all tables in schema net to public;
grant all on all sequences in schema net to public;

grant usage on schema net to
  supabase_functions_admin, postgres, anon, authenticated, service_role;
