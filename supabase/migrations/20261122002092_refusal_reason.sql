-- What may leave now, and in which form. Opt-out and the 24 h window may both have changed while a message
-- waited.

create function cc_private.is_outside_window(conversation public.cc_conversations)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select conversation.channel = 'whatsapp'
      and coalesce(conversation.last_inbound_at < now() - interval '24 hours', false)
  );
end;
$$;

comment on function cc_private.is_outside_window(public.cc_conversations) is 'Whether WhatsApp takes nothing but templates here: a day has gone by since the customer last wrote.';
revoke all on function cc_private.is_outside_window(public.cc_conversations) from public, anon, authenticated, service_role;

create function cc_private.refusal_reason(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select case
      when cc_private.is_opted_out(conversation.id)
        and message.body_json ->> 'kind' is distinct from 'opt_out_confirmation' then 'opted_out'
      when cc_private.is_outside_window(conversation)
        and settings.outside_window_content_sid is null then 'outside_window'
    end
    from public.cc_conversations as conversation, public.cc_settings as settings
    where conversation.id = message.conversation_id
  );
end;
$$;

comment on function cc_private.refusal_reason(public.cc_messages) is 'Why this message must not be sent now; null when it may.';
revoke all on function cc_private.refusal_reason(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.template_to_send(message public.cc_messages)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  return (
    select settings.outside_window_content_sid
    from public.cc_conversations as conversation, public.cc_settings as settings
    where conversation.id = message.conversation_id and cc_private.is_outside_window(conversation)
  );
end;
$$;

comment on function cc_private.template_to_send(public.cc_messages) is 'The template that must leave instead of the text now; null where the text may.';
revoke all on function cc_private.template_to_send(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.content_variables(body text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  -- WhatsApp refuses a variable with a line break in it, or with more than four spaces on end.
  return (
    select coalesce(jsonb_object_agg(variable.key, replace(
      variable.value, '{{text}}', btrim(regexp_replace(content_variables.body, '\s+', ' ', 'g'))
    )), '{}')
    from public.cc_settings as settings, jsonb_each_text(settings.outside_window_content_variables) as variable
  );
end;
$$;

comment on function cc_private.content_variables(text) is 'The variables of the template for the time outside the window, with this text where they ask for it.';
revoke all on function cc_private.content_variables(text) from public, anon, authenticated, service_role;
