begin;
select plan(6);

-- SETUP
select tests.receive('Hello', customer_address => format('whatsapp:+150055501%s', number)) from generate_series(10, 12) as number;
select cc_private.append_audit(
  tests.conversation('whatsapp:+15005550111'),
  variadic array(select cc_private.audit_event('turn_claimed') from generate_series(1, 2500))
);
-- Each call has time for one batch of a thousand rows.
create function pg_temp.walk(conversation uuid default null)
returns setof jsonb language plpgsql
as $$
declare
  answer jsonb := public.verify_audit_chain(conversation, max_ms => 0);
begin
  return next answer;
  while answer ->> 'outcome' = 'unfinished' loop
    answer := public.verify_audit_chain(conversation, answer ->> 'resume', 0);
    return next answer;
  end loop;
end;
$$;
create temp table long_chain as select tests.conversation('whatsapp:+15005550111') as id;

-- TEST
select results_eq(
  'select walked ->> $$outcome$$, (walked ->> $$row_count$$)::integer from long_chain, pg_temp.walk(id) as walked',
  $$ values ('unfinished', 1000), ('unfinished', 2000), ('intact', 2503) $$,
  'within a long chain'
);
create temp table whole as select walked, row_number() over () as call from pg_temp.walk() as walked;
select is(
  (select (walked ->> 'row_count')::bigint from whole order by call desc limit 1),
  (select count(*) from public.cc_audit_logs), 'from chain to chain, with each row read once'
);
select is(
  (select (walked ->> 'chain_count')::bigint from whole order by call desc limit 1),
  (select count(*) from cc_private.audit_chains), 'and each chain'
);
alter table public.cc_audit_logs disable trigger refuse_audit_change;
update public.cc_audit_logs set actor_type = 'human'
where id = (select tests.audit_row(1001, id) from long_chain);
select results_eq(
  'select walked ->> $$outcome$$, (walked #>> $${problems, 0, row_id}$$)::bigint from long_chain, pg_temp.walk(id) as walked',
  $$ select 'unfinished', null union all select 'broken', tests.audit_row(1001, id) from long_chain $$,
  'what is broken is found at the seam as well'
);
select is(
  (select walked ->> 'outcome' from (select row_number() over () as call, walked from pg_temp.walk() as walked) as whole order by call desc limit 1),
  'broken', 'the last call knows what earlier ones found'
);
select throws_ok(
  $$ select public.verify_audit_chain(resume => '{}') $$, 'SB003',
  'Cannot verify the audit: resume is not what an earlier call gave', 'it goes on nowhere else'
);

select * from finish();
rollback;
