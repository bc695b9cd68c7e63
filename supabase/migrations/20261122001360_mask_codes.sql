-- A one-time code that a customer writes is judged and masked before its message is stored: so no table,
-- no ring, no history and no agent ever sees it. It has its effect in the same transaction, under the
-- conversation's lock: two tries are two tries.

create function cc_private.mask_codes()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
declare
  -- Parts of a code go from here to take_code(), and stay nowhere on the way.
  code jsonb := old.body_json -> 'code' #- '{parts}';
begin
  if tg_op = 'INSERT' then
    code := cc_private.judge_codes(new);
  end if;
  if code is not null then
    new.body_text := cc_private.hide_codes(new.body_text, code);
    new.body_json := cc_private.hide_codes_in_payload(new.body_json, code)
      || jsonb_build_object('code', code);
  end if;
  return new;
end;
$$;

comment on function cc_private.mask_codes() is 'Masks one-time codes before a message is stored; what writes its words later finds them masked again.';
revoke all on function cc_private.mask_codes() from public, anon, authenticated, service_role;

-- Our own replies hold no code: a code never goes through cc_messages. What the sync finds in Twilio's
-- list may be the message with which it left.
create trigger mask_codes
  before insert on public.cc_messages
  for each row when (
    (new.direction = 'inbound' or new.send_state = 'handed_over')
    and new.body_text ~ '[0-9٠-٩۰-۹０-９].*[0-9٠-٩۰-۹０-９]|^\W*[0-9٠-٩۰-۹０-９]\W*$'
  )
  execute function cc_private.mask_codes();

create trigger mask_codes_again
  before update of body_text, body_json on public.cc_messages
  for each row when (old.body_json ? 'code' and new.body_text <> '')
  execute function cc_private.mask_codes();

create function cc_private.take_part(message public.cc_messages)
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  update public.cc_verifications as verification
  set parts = decode(message.body_json #>> '{code,parts}', 'hex'), parts_seq = message.seq, parts_at = clock_timestamp()
  where verification.conversation_id = message.conversation_id and verification.state = 'asked';
  update public.cc_messages as stored
  set body_json = stored.body_json #- '{code,parts}'
  where stored.id = message.id;
end;
$$;

comment on function cc_private.take_part(public.cc_messages) is 'Keeps a part of a code for the next message, once its own is stored.';
revoke all on function cc_private.take_part(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.take_code(message public.cc_messages)
returns void
language plpgsql
volatile
set search_path = ''
as $$
declare
  code jsonb := message.body_json -> 'code';
  tries integer := (code ->> 'wrong_count')::integer;
  is_correct boolean := code ->> 'verdict' = 'correct';
  target bytea;
begin
  if code ->> 'verdict' = 'part' then
    perform cc_private.take_part(message);
    return;
  end if;
  update public.cc_verifications as verification
  set wrong_count = verification.wrong_count + tries,
    state = case when is_correct then 'verified' else verification.state end,
    code_hash = case when not is_correct then verification.code_hash end,
    verified_at = case when is_correct then clock_timestamp() end,
    verified_until = case when is_correct then clock_timestamp() + (
      select settings.verified_minutes * interval '1 minute' from public.cc_settings as settings
    ) end,
    parts = null, parts_seq = null, parts_at = null
  where verification.conversation_id = message.conversation_id and verification.state = 'asked'
  returning verification.target_hash into target;

  update cc_private.code_targets as known
  set wrong_count = tries
      + case when known.wrong_since > clock_timestamp() - interval '1 day' then known.wrong_count else 0 end,
    wrong_since = case
      when known.wrong_since > clock_timestamp() - interval '1 day' then known.wrong_since
      else clock_timestamp()
    end
  where known.target_hash = target and tries > 0;

  perform cc_private.append_audit(message.conversation_id, cc_private.audit_event(
    case when is_correct then 'customer_verified' else 'code_rejected' end, 'system', message.id,
    output => case when is_correct then '{}' else jsonb_build_object('reason', code ->> 'verdict') end
  ));
end;
$$;

comment on function cc_private.take_code(public.cc_messages) is 'Lets a code have its effect, once its message is stored: the conversation is verified, or a try is counted. Records it.';
revoke all on function cc_private.take_code(public.cc_messages) from public, anon, authenticated, service_role;
