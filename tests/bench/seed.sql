-- A past of so many messages, in conversations of so many each: question and answer by turns, with
-- their turns and audit. Run as superuser with triggers off, which would be the work that is measured.

create schema bench;

create function bench.seed_conversations(first_number integer, conversations integer, messages_each integer)
returns void
language plpgsql
as $$
begin
  set local session_replication_role = replica;

  create temporary table seeded on commit drop as
  select
    number,
    'whatsapp:+49' || 15100000000 + number as address,
    cc_private.new_id() as customer_id,
    cc_private.new_id() as conversation_id
  from generate_series(first_number, first_number + conversations - 1) as number;

  insert into public.cc_customers (id, name)
  select customer_id, 'Ada Lovelace' from seeded;
  insert into public.cc_customer_addresses (provider, channel, address, customer_id)
  select 'twilio', 'whatsapp', address, customer_id from seeded;
  insert into public.cc_conversations (
    id, customer_id, channel, provider, provider_conversation_id, business_address, last_seq, last_inbound_at
  )
  select
    conversation_id, customer_id, 'whatsapp', 'twilio', address, 'whatsapp:+14155238886', messages_each, now()
  from seeded;

  create temporary table said on commit drop as
  select seeded.*, seq, cc_private.new_id() as message_id, cc_private.new_id() as turn_id
  from generate_series(1, messages_each, 2) as seq, seeded;

  insert into public.cc_turns (id, conversation_id, state, attempt, claimed_at, created_at, finished_at)
  select turn_id, conversation_id, 'answered', 1, now() - interval '1 day', now() - interval '1 day', now()
  from said;
  insert into public.cc_messages (
    conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address,
    body_text, body_json, signature, created_at
  )
  select
    conversation_id, seq, turn_id, 'inbound', 'twilio', 'SM' || replace(gen_random_uuid()::text, '-', ''),
    address, 'whatsapp:+14155238886', 'What does it cost to send money abroad?',
    jsonb_build_object('kind', 'text', 'media', '[]'::jsonb, 'parameters', jsonb_build_object(
      'From', address, 'To', 'whatsapp:+14155238886', 'NumMedia', '0', 'ProfileName', 'Ada Lovelace'
    )),
    replace(gen_random_uuid()::text, '-', ''), now() - interval '1 day'
  from said;
  insert into public.cc_messages (
    id, conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address,
    body_text, body_json, send_state, send_attempt, delivery_status, handed_over_at, created_at
  )
  select
    message_id, conversation_id, seq + 1, turn_id, 'outbound', 'twilio',
    'SM' || replace(gen_random_uuid()::text, '-', ''), 'whatsapp:+14155238886', address,
    'It costs nothing within Europe.', '{"kind": "reply"}', 'handed_over', 1, 'sent', now(),
    now() - interval '1 day'
  from said;

  insert into cc_private.audit_chains (id, row_count)
  select conversation_id, 3 * messages_each from seeded;
  insert into public.cc_audit_logs (
    conversation_id, message_id, actor_type, event_type, input_redacted, output_redacted, success,
    created_at, previous_hash, hash
  )
  select
    conversation_id, message_id, 'system', 'message_persisted', '{}', jsonb_build_object('seq', seq),
    true, now() - interval '1 day', '\x', sha256(convert_to(message_id::text, 'UTF8'))
  from said, generate_series(1, 6);
end;
$$;
