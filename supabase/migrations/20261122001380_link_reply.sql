-- A customer may press "reply" on an earlier message, or tap a button below it. Twilio names that message
-- by its MessageSid; here it becomes a link to our own row, when we have it.

create function cc_private.replied_to(message public.cc_messages)
returns uuid
language sql
stable
set search_path = ''
as $$
  -- A customer can only reply to what was said to them, or what they said themselves: nobody else's words
  -- may come this way into what an agent is shown.
  select earlier.id
  from public.cc_messages as earlier
  join public.cc_conversations as there on there.id = earlier.conversation_id
  join public.cc_conversations as here on here.customer_id = there.customer_id
  where here.id = message.conversation_id
    and earlier.provider = message.provider
    and earlier.provider_message_id = jsonb_path_query_first(
      message.body_json, '$.parameters.OriginalRepliedMessageSid[*]'
    ) #>> '{}'
$$;

comment on function cc_private.replied_to(public.cc_messages) is 'The message of the same customer that this one replies to, as its payload says; null when we do not have it.';
revoke all on function cc_private.replied_to(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.link_reply()
returns trigger
language plpgsql
volatile
set search_path = ''
as $$
begin
  new.replied_to_message_id := coalesce(new.replied_to_message_id, cc_private.replied_to(new));
  return new;
end;
$$;

comment on function cc_private.link_reply() is 'Links an inbound message to the one it replies to, also when its payload is completed later.';
revoke all on function cc_private.link_reply() from public, anon, authenticated, service_role;

create trigger link_reply
  before insert or update of body_json on public.cc_messages
  for each row
  when (new.direction = 'inbound' and new.body_json #> '{parameters,OriginalRepliedMessageSid}' is not null)
  execute function cc_private.link_reply();
