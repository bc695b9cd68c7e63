-- Ids of what grows with every message. They begin with their time (UUIDv7, RFC 9562, section 5.7), so that
-- new rows lie together at the end of each index, and not anywhere in it: the first change of a page after a
-- checkpoint writes all of that page into Postgres' log. With a million messages, random ids cost 57 kB of log a
-- message, these 45; in one conversation of a hundred thousand 26 and 12 (bench:growth).

create function cc_private.new_id()
returns uuid
language plpgsql
volatile
set search_path = ''
as $$
declare
  milliseconds bigint := extract(epoch from clock_timestamp()) * 1000;
begin
  -- A random one has the variant's bits already; 4 becomes 7 by two more.
  return encode(
    set_bit(
      set_bit(
        overlay(uuid_send(gen_random_uuid()) placing substring(int8send(milliseconds) from 3) from 1 for 6),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid;
end;
$$;

comment on function cc_private.new_id() is 'An id that begins with its time in milliseconds (UUIDv7): ids sort by when they were made, to the millisecond.';
revoke all on function cc_private.new_id() from public, anon, authenticated, service_role;
