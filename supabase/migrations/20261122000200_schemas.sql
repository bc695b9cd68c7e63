-- `public` holds the tables and the RPC functions, which are the service's contract.
-- `cc_private` holds what they are made of: the API does not expose it and nobody but its owner enters.

create schema cc_private;

comment on schema cc_private is 'Helpers and trigger functions of Switchboard: not exposed by the API.';

revoke all on schema cc_private from public, anon, authenticated, service_role;
