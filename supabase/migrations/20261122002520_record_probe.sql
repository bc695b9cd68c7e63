-- A webhook that `deno task doctor` has signed and sent to our own public URL, to see that it comes
-- through. It is no message: it has no customer, no conversation and no turn, so nobody answers it.

create table cc_private.probes (
  message_sid text primary key
    constraint message_sid_is_one_of_a_probe check (message_sid ~ '^SM0{16}[0-9a-f]{16}$'),
  received_at timestamptz not null default clock_timestamp()
);

comment on table cc_private.probes is 'The probes of the last day that came through, by the MessageSid that each was given.';
alter table cc_private.probes enable row level security;
create policy "the api reads nothing here" on cc_private.probes
  for all to anon, authenticated using (false);
revoke all on cc_private.probes from public, anon, authenticated, service_role;

create function public.record_probe(message_sid text, signature text)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  if not cc_private.take_signature(record_probe.signature) then
    return jsonb_build_object('outcome', 'already_recorded');
  end if;
  delete from cc_private.probes as probe
  where probe.received_at < clock_timestamp() - interval '1 day';
  insert into cc_private.probes as probe (message_sid) values (record_probe.message_sid)
  on conflict on constraint probes_pkey do nothing;
  if not found then
    return jsonb_build_object('outcome', 'already_recorded');
  end if;

  perform cc_private.append_audit(null, cc_private.audit_event(
    'probe_received', 'provider', input => jsonb_build_object('message_sid', record_probe.message_sid)
  ));
  return jsonb_build_object('outcome', 'recorded');
end;
$$;

comment on function public.record_probe(text, text) is 'Notes that a signed probe came through, once: outcome recorded or already_recorded. Definer: callers have no grant on any table.';
revoke all on function public.record_probe(text, text) from public, anon, authenticated;
grant execute on function public.record_probe(text, text) to service_role;
