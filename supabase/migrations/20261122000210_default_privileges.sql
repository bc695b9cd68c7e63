-- What a later migration makes is closed until it says otherwise: a forgotten `revoke` opens nothing.
-- Older projects grant new objects in `public` to the API's roles; Postgres itself lets everybody call
-- a new function, and takes that back only for all schemas at once.

alter default privileges for role postgres in schema public
  revoke all on tables from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on sequences from anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  revoke all on functions from anon, authenticated, service_role;

alter default privileges for role postgres revoke execute on functions from public;
