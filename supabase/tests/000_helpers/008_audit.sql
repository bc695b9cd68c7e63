-- What the audit may hold, tampering with it, and what is found then.

begin;

-- What of these facts may be recorded.
create function tests.redact(facts jsonb)
returns jsonb language sql immutable
as $$
  select (cc_private.redact_each(array[facts]))[1]
$$;

-- The id of the conversation's row with this number.
create function tests.audit_row(number integer, conversation uuid default tests.conversation())
returns bigint language sql stable
as $$
  select entry.id
  from public.cc_audit_logs as entry
  where entry.conversation_id = conversation
  order by entry.id
  limit 1 offset audit_row.number - 1
$$;

-- Rows with hashes that suit them, as only somebody who knows how they are made can write them.
create function tests.rehash(from_id bigint, previous bytea default null)
returns void language plpgsql volatile
as $$
declare
  forged public.cc_audit_logs;
begin
  select entry.* into forged from public.cc_audit_logs as entry where entry.id = from_id;
  forged.previous_hash := coalesce(previous, forged.previous_hash);
  update public.cc_audit_logs as entry
  set previous_hash = forged.previous_hash, hash = cc_private.audit_hash(forged)
  where entry.id = from_id;
end;
$$;

-- What verify_audit_chain finds after tampering which the table's guard would refuse, as "changed 3": the kind
-- and the row's number in the untouched chain, or "new". The tampering is then undone.
create function tests.problem_after(
  tampering text, verified uuid default tests.conversation(), chain uuid default tests.conversation()
)
returns text language plpgsql volatile
as $$
declare
  ids bigint[] := (
    select array_agg(entry.id order by entry.id)
    from public.cc_audit_logs as entry
    where coalesce(entry.conversation_id, '00000000-0000-0000-0000-000000000000') = chain
  );
  answer jsonb;
  problem jsonb;
begin
  alter table public.cc_audit_logs disable trigger refuse_audit_change;
  execute tampering;
  answer := public.verify_audit_chain(verified);
  problem := answer #> '{problems, 0}';
  raise exception using errcode = 'TEST1'; -- Only the end of this block takes the tampering back.
exception when sqlstate 'TEST1' then
  return case
    when problem is null then answer ->> 'outcome'
    else concat_ws(
      ' ', problem ->> 'kind',
      case when problem ->> 'row_id' is not null
        then coalesce(array_position(ids, (problem ->> 'row_id')::bigint)::text, 'new')
      end
    )
  end;
end;
$$;

select plan(1);
select has_function('tests'::name, 'redact'::name);
select * from finish();
commit;
