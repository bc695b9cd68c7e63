-- Proving the record. One call works for a bounded time and says where the next one goes on, so that
-- neither a long chain nor many chains meet a time-out.

create function public.verify_audit_chain(
  conversation_id uuid default null,
  resume text default null,
  max_ms integer default 2000
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '7s'
set lock_timeout = '2s'
as $$
declare
  walk cc_private.audit_walk := cc_private.start_audit_walk(conversation_id);
begin
  if resume is not null then
    walk := jsonb_populate_record(null::cc_private.audit_walk, resume::jsonb);
    walk.problems := '[]';
    if not (walk.chain_id is not null and walk.hash is not null and walk.chain_row_count >= 0) then
      raise exception 'Cannot verify the audit: resume is not what an earlier call gave'
        using errcode = 'SB003';
    end if;
  end if;

  walk := cc_private.walk_audit(walk, least(max_ms, 4000));
  return jsonb_build_object(
    'outcome', case
      when walk.chain_id is not null then 'unfinished'
      when walk.problem_count > 0 then 'broken'
      else 'intact'
    end,
    'chain_count', walk.chain_count,
    'row_count', walk.row_count,
    'problem_count', walk.problem_count,
    'problems', walk.problems,
    'resume', case when walk.chain_id is not null then (to_jsonb(walk) - 'problems')::text end
  );
end;
$$;

comment on function public.verify_audit_chain(uuid, text, integer) is 'Checks the audit of a conversation (the nil id: what belongs to none; null: everything) for about max_ms milliseconds. Outcome intact or broken; or unfinished: call again with the same arguments and the resume of this answer. problems are those found by this call, each chain''s first broken row with its id; the counts are those of all calls. A rewrite of rows and head together shows only against an anchor. Definer: callers have no grant on any table.';
revoke all on function public.verify_audit_chain(uuid, text, integer) from public, anon, authenticated;
grant execute on function public.verify_audit_chain(uuid, text, integer) to service_role;
