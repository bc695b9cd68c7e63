begin;
select plan(2);

-- SETUP
select tests.receive('One');
create temp table original as select * from tests.event('message_persisted');
create function pg_temp.changed(change jsonb)
returns bytea
language sql
as $$
  select cc_private.audit_hash(
    jsonb_populate_record(null::public.cc_audit_logs, to_jsonb(original) || change)
  )
  from original
$$;

-- TEST
select is(pg_temp.changed('{}'), (select hash from original), 'an unchanged row has the hash that is stored');
select is_empty(
  $$
    select change
    from unnest(array[
      '{"id": 1}', '{"conversation_id": null}', '{"message_id": null}', '{"actor_type": "human"}',
      '{"event_type": "turn_claimed"}', '{"input_redacted": {"seq": 2}}', '{"output_redacted": {}}',
      '{"success": false}', '{"error_code": "x"}', '{"error_message": "x"}',
      '{"created_at": "2026-01-01T00:00:00.000001Z"}', '{"previous_hash": "\\x00"}'
    ]::jsonb[]) as change
    where pg_temp.changed(change) = (select hash from original)
  $$,
  'no column can be changed without it'
);

select * from finish();
rollback;
