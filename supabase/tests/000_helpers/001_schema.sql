-- Short factories for the tests, in schema `tests`. This folder sorts first and its files commit, so that
-- pg_prove (`supabase test db`), which runs the files in order, has them for every other file.

begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
drop schema if exists tests cascade;
create schema tests;
create sequence tests.sids;

-- Addresses that are nobody's, so that the tests also run beside other data.
create function tests.customer() returns text language sql immutable
as $$ select 'whatsapp:+15005550199' $$;

create function tests.business() returns text language sql immutable
as $$ select 'whatsapp:+15005550100' $$;

create function tests.next_sid() returns text language sql volatile
as $$ select 'SM' || lpad(to_hex(nextval('tests.sids')), 32, '0') $$;

-- Runs a statement in which any write, and any lock on a row, is an error.
create function tests.read_only(statement text)
returns void language plpgsql volatile
as $$
begin
  set local transaction_read_only = on;
  execute statement;
  raise exception using errcode = 'TEST1'; -- Only the end of this block takes the setting back.
exception when sqlstate 'TEST1' then
end;
$$;

select plan(1);
select has_schema('tests', 'the helpers'' schema is in place');
select * from finish();
commit;
