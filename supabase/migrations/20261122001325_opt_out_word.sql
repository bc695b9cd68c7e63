-- What a message says of being written to at all. On WhatsApp Twilio blocks nothing by itself, so STOP is
-- ours to understand; with Twilio's Advanced Opt-Out (`OptOutType`) Twilio answers, and we take note.

create function cc_private.is_keyword(body text, plain_keywords text[])
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  -- No keyword is that long: most messages cost nothing here.
  return length(body) <= 40
    and coalesce(nullif(cc_private.plain_words(body), '') = any (plain_keywords), false);
end;
$$;

comment on function cc_private.is_keyword(text, text[]) is 'Whether the whole message is one of these words, which are plain already.';
revoke all on function cc_private.is_keyword(text, text[]) from public, anon, authenticated, service_role;

create function cc_private.wrote_later(message public.cc_messages, customer_id uuid, plain_keywords text[])
returns boolean
language sql
stable
set search_path = ''
as $$
  -- Without Twilio's time it is no message of the past.
  select message.provider_created_at is not null and exists (
    select
    from public.cc_conversations as conversation
    join public.cc_messages as later on later.conversation_id = conversation.id
    where conversation.customer_id = wrote_later.customer_id
      and later.direction = 'inbound'
      and later.id <> message.id
      and coalesce(later.provider_created_at, later.created_at) > message.provider_created_at
      and (
        cc_private.is_keyword(later.body_text, wrote_later.plain_keywords)
        or later.body_json #>> '{parameters,OptOutType}' = 'START'
      )
  )
$$;

comment on function cc_private.wrote_later(public.cc_messages, uuid, text[]) is 'Whether the customer has written one of these words (or Twilio understood START) since this message, which the sync brought late.';
revoke all on function cc_private.wrote_later(public.cc_messages, uuid, text[]) from public, anon, authenticated, service_role;

create function cc_private.opt_out_word(
  message public.cc_messages,
  customer public.cc_customers,
  opt_out_keywords text[],
  opt_in_keywords text[]
)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  twilio_word text := upper(
    jsonb_path_query_first(message.body_json, '$.parameters.OptOutType[*]') #>> '{}'
  );
begin
  return case
    when twilio_word = 'STOP' then 'twilio_stop'
    when twilio_word = 'START' then 'twilio_start'
    when twilio_word <> '' then 'twilio_other'
    when customer.opted_out_at is null and cc_private.is_keyword(message.body_text, opt_out_keywords)
      then case when cc_private.wrote_later(message, customer.id, opt_in_keywords)
        then 'overtaken' else 'stop'
      end
    when customer.opted_out_at is null then null
    when cc_private.is_keyword(message.body_text, opt_in_keywords)
      then case when customer.opted_out_at > message.provider_created_at then 'overtaken' else 'start' end
    else 'opted_out'
  end;
end;
$$;

comment on function cc_private.opt_out_word(public.cc_messages, public.cc_customers, text[], text[]) is 'Why no agent answers this message: stop, start, overtaken (a stop or start that came late, after a newer start or stop), opted_out (its customer is), or what Twilio has answered itself (twilio_stop, twilio_start, twilio_other); null: an agent does. The keywords are plain already.';
revoke all on function cc_private.opt_out_word(public.cc_messages, public.cc_customers, text[], text[]) from public, anon, authenticated, service_role;
