begin;
select plan(4);

-- SETUP
create function pg_temp.append(success boolean, error_code text, error_message text)
returns void
language sql
as $$
  insert into public.cc_audit_logs (
    actor_type, event_type, input_redacted, output_redacted, success, error_code, error_message,
    created_at, previous_hash, hash
  )
  values ('system', 'turn_failed', '{}', '{}', success, error_code, error_message, now(), '', '')
$$;

-- TEST
select throws_ok($$ select pg_temp.append(false, null, null) $$, '23514', null, 'a failure has a code');
select throws_ok($$ select pg_temp.append(true, 'model_down', null) $$, '23514', null, 'a success has none');
select throws_ok($$ select pg_temp.append(true, null, 'All is well') $$, '23514', null, 'nor a message');
select lives_ok($$ select pg_temp.append(false, 'model_down', null) $$, 'a failure needs no message');

select * from finish();
rollback;
