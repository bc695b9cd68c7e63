-- The steps of a turn, and of the sends it leads to, with time passing as a test needs it.

begin;

create function tests.due(conversation uuid default tests.conversation())
returns void language sql volatile
as $$
  update public.cc_turns as turn
  set due_at = clock_timestamp() - interval '1 second'
  where turn.conversation_id = due.conversation and turn.state in ('pending', 'retrying')
$$;

-- Takes the turn that waits as if its time had come.
create function tests.claim(conversation uuid default tests.conversation())
returns jsonb language plpgsql volatile
as $$
begin
  perform tests.due(conversation);
  return public.claim_turn(conversation);
end;
$$;

-- A message comes in and these parts wait to be sent.
create function tests.reply(variadic parts text[])
returns void language plpgsql volatile
as $$
declare
  claim jsonb;
begin
  perform tests.receive();
  claim := tests.claim();
  perform public.complete_turn((claim ->> 'turn_id')::uuid, (claim ->> 'attempt')::integer, parts);
end;
$$;

-- The conversation's turn dies of one final failure.
create function tests.kill_turn()
returns uuid language plpgsql volatile
as $$
declare
  claim jsonb := tests.claim();
begin
  perform public.fail_turn(
    (claim ->> 'turn_id')::uuid, (claim ->> 'attempt')::integer, 'model_down', is_final => true
  );
  return (claim ->> 'turn_id')::uuid;
end;
$$;

-- What a crash leaves behind: the lease of the running turn and of the message in sending has ended.
create function tests.expire_leases(conversation uuid default tests.conversation())
returns void language plpgsql volatile
as $$
begin
  update public.cc_turns as turn
  set lease_until = clock_timestamp() - interval '1 second'
  where turn.conversation_id = conversation and turn.state = 'running';
  update public.cc_messages as message
  set send_lease_until = clock_timestamp() - interval '1 second'
  where message.conversation_id = conversation and message.send_state = 'sending';
end;
$$;

-- A reply whose sender has vanished so long ago.
create function tests.uncertain_send(body text default 'Hi', ago interval default '2 seconds')
returns uuid language plpgsql volatile
as $$
declare
  sent_id uuid;
begin
  perform tests.reply(body);
  sent_id := (public.claim_send(tests.conversation()) ->> 'message_id')::uuid;
  perform public.record_send(sent_id, 1, 'uncertain', error_code => 'timed_out');
  update public.cc_messages as message
  set send_claimed_at = clock_timestamp() - ago - interval '30 seconds',
    send_lease_until = clock_timestamp() - ago
  where message.id = sent_id;
  return sent_id;
end;
$$;

-- A reply is being sent, and the sync takes Twilio's message for another system's: as if our send had been
-- settled as absent, while nobody could know. Gives the claim of its sender.
create function tests.take_over_own_send(sid text, body text)
returns jsonb language plpgsql volatile
as $$
declare
  claim jsonb;
begin
  perform tests.reply(body);
  claim := public.claim_send(tests.conversation());
  update public.cc_messages set send_state = 'ready', send_lease_until = null where send_state = 'sending';
  perform tests.take_over(sid, body, '0 seconds');
  update public.cc_messages
  set send_state = 'sending', send_lease_until = clock_timestamp() + interval '30 seconds'
  where send_state = 'ready';
  return claim;
end;
$$;

-- So many turns of the conversation were answered a day ago.
create function tests.answer_in_the_past(turns integer)
returns void language sql volatile
as $$
  with turn as (
    insert into public.cc_turns (conversation_id, state, created_at, claimed_at, finished_at)
    select tests.conversation(), 'answered', yesterday, yesterday, yesterday
    from (values (now() - interval '1 day')) as past (yesterday), generate_series(1, turns)
    returning id, conversation_id
  )
  insert into public.cc_messages (
    conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address,
    body_text, send_state
  )
  select conversation_id, 1000 + row_number() over (), id, 'outbound', 'twilio', tests.next_sid(),
    tests.business(), tests.customer(), 'Hi', 'handed_over'
  from turn
$$;

-- All that waits in the conversation was last rung for so long ago.
create function tests.rung(ago interval, conversation uuid default tests.conversation())
returns void language plpgsql volatile
as $$
begin
  update public.cc_turns as turn
  set dispatched_at = clock_timestamp() - ago
  where turn.conversation_id = conversation and turn.state in ('pending', 'retrying');
  update public.cc_messages as message
  set send_dispatched_at = clock_timestamp() - ago
  where message.conversation_id = conversation and message.send_state = 'ready';
end;
$$;

-- What pg_net writes when it has an answer, or has given up.
create function tests.answer(
  request_id bigint,
  status_code integer default null,
  timed_out boolean default null,
  error_msg text default null,
  created timestamptz default clock_timestamp()
)
returns void language sql volatile
as $$
  insert into net._http_response (id, status_code, timed_out, error_msg, created)
  values (answer.request_id, answer.status_code, answer.timed_out, answer.error_msg, answer.created)
$$;

create function tests.close(conversation uuid default tests.conversation())
returns void language sql volatile
as $$
  update public.cc_conversations as closed set status = 'closed' where closed.id = close.conversation
$$;

select plan(1);
select has_function('tests'::name, 'due'::name);
select * from finish();
commit;
