begin;
select plan(8);

-- SETUP
select tests.receive('One');
select cc_private.append_audit(
  tests.conversation(), cc_private.audit_event('turn_claimed'), cc_private.audit_event('turn_answered')
);
create temp table anchor as select public.list_audit_heads() as heads;
create temp table ours as select tests.conversation() as id;
-- What the anchor finds after tampering that leaves the record intact in itself; then all is as before.
create function pg_temp.kinds_after(tampering text)
returns text[] language plpgsql
as $$
declare
  found text[];
begin
  alter table public.cc_audit_logs disable trigger refuse_audit_change;
  execute tampering;
  if public.verify_audit_chain() ->> 'outcome' <> 'intact' then
    raise exception 'The tampering shows without an anchor: %', public.verify_audit_chain();
  end if;
  select array_agg(problem ->> 'kind') into found
  from anchor, jsonb_array_elements(public.check_audit_anchor(heads)) as problem;
  raise exception using errcode = 'TEST1';
exception when sqlstate 'TEST1' then
  return found;
end;
$$;
-- Head and length as they suit the rows.
create function pg_temp.mend() returns void language sql
as $$
  update cc_private.audit_chains as chain
  set head = coalesce((
      select hash from public.cc_audit_logs where conversation_id = chain.id order by id desc limit 1
    ), '\x'),
    row_count = (select count(*) from public.cc_audit_logs where conversation_id = chain.id)
  where chain.id = (select id from ours)
$$;

-- TEST
select is(pg_temp.kinds_after('select 1'), null, 'nothing while nothing happened');
select is(
  pg_temp.kinds_after($$ select cc_private.append_audit(id, cc_private.audit_event('turn_claimed')) from ours $$),
  null, 'a chain may grow'
);
select is(pg_temp.kinds_after($$ select tests.receive('Hi', customer_address => 'whatsapp:+15005550198') $$), null, 'chains may come');
select is(
  pg_temp.kinds_after($$
    delete from public.cc_audit_logs where id = tests.audit_row(5);
    select pg_temp.mend();
  $$),
  array['shorter_than_anchored'], 'a tail that was cut off'
);
select is(
  pg_temp.kinds_after($$
    delete from public.cc_audit_logs where id = tests.audit_row(5);
    select pg_temp.mend();
    select cc_private.append_audit(id, cc_private.audit_event('turn_died')) from ours;
  $$),
  array['rewritten_since_anchored'], 'also when the chain has grown again'
);
select is(
  pg_temp.kinds_after($$
    update public.cc_audit_logs set actor_type = 'human' where id = tests.audit_row(5);
    select tests.rehash(tests.audit_row(5));
    select pg_temp.mend();
  $$),
  array['rewritten_since_anchored'], 'a rewrite of row and head together'
);
select is(
  pg_temp.kinds_after($$
    delete from public.cc_audit_logs where conversation_id = (select id from ours);
    select pg_temp.mend();
  $$),
  array['shorter_than_anchored'], 'a chain that was emptied'
);
select is(
  pg_temp.kinds_after($$
    delete from public.cc_audit_logs where conversation_id = (select id from ours);
    delete from cc_private.audit_chains where id = (select id from ours);
    set constraints all immediate;
    delete from public.cc_messages where conversation_id = (select id from ours);
    delete from public.cc_turns where conversation_id = (select id from ours);
    delete from public.cc_conversations where id = (select id from ours);
  $$),
  array['chain_missing'], 'a chain that vanished with its conversation'
);

select * from finish();
rollback;
