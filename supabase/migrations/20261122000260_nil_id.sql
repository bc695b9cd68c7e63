-- Where an id must stand and nothing is meant: before the first of a list, for a message that is dropped, or for
-- the audit's chain of the rows that belong to no conversation.

create function cc_private.nil_id()
returns uuid
language plpgsql
immutable
set search_path = ''
as $$
begin
  return '00000000-0000-0000-0000-000000000000';
end;
$$;

comment on function cc_private.nil_id() is 'The id that nothing has: no row, and no conversation.';
revoke all on function cc_private.nil_id() from public, anon, authenticated, service_role;
