-- Whoever works on a turn may do something in its name only while it is theirs: its lease has not ended, and
-- nobody has claimed it since.

create function cc_private.lock_running_turn(turn_id uuid, attempt integer)
returns public.cc_turns
language plpgsql
volatile
set search_path = ''
as $$
declare
  turn public.cc_turns := cc_private.lock_turn(turn_id);
begin
  if turn.state = 'running' and turn.attempt = lock_running_turn.attempt
    and turn.lease_until > clock_timestamp()
  then
    return turn;
  end if;
  return null;
end;
$$;

comment on function cc_private.lock_running_turn(uuid, integer) is 'The turn, locked with its conversation, while this attempt holds its lease; else a null row.';
revoke all on function cc_private.lock_running_turn(uuid, integer) from public, anon, authenticated, service_role;
