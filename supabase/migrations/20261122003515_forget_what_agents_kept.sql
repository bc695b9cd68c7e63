-- What agents have kept of a customer's words goes with the messages: the calls of tools, and the
-- summary of a conversation.

create function cc_private.forget_what_agents_kept(message_ids uuid[])
returns void
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- The whole row, since a hash of few possible arguments is as good as those. Nobody misses it: a turn
  -- whose messages are empty is never tried again.
  delete from public.cc_tool_calls as call
  where call.first_message_id = any (forget_what_agents_kept.message_ids);

  -- What is left of the summarised messages is history again, until the next summary.
  update public.cc_conversations as conversation
  set summary = null, summary_seq = 0
  where conversation.summary_seq > 0
    and conversation.id in (
      select message.conversation_id
      from public.cc_messages as message
      where message.id = any (forget_what_agents_kept.message_ids)
        and message.conversation_id = conversation.id
        and message.seq <= conversation.summary_seq
    );
end;
$$;

comment on function cc_private.forget_what_agents_kept(uuid[]) is 'Removes the tool calls that began with one of these messages, and the summaries that tell of one. Called under the conversation''s lock.';
revoke all on function cc_private.forget_what_agents_kept(uuid[]) from public, anon, authenticated, service_role;

-- As for messages, no samples are taken of what is personal.
alter table public.cc_conversations alter column summary set statistics 0;
alter table public.cc_tool_calls
  alter column arguments set statistics 0, alter column arguments_hash set statistics 0,
  alter column result set statistics 0;
