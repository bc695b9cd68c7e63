-- What a message says beside its text, for an agent: a place, the choice behind a button, the answers of
-- a form, the ad it came from, the message it replies to. All of it in bounds, since customers fill it.

create function cc_private.details_for_agent(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  parameters constant text[] := array[
    'Latitude', 'Longitude', 'Address', 'Label', 'ButtonText', 'ButtonPayload', 'ListTitle', 'ListId',
    'FlowData', 'InteractiveData', 'ReferralHeadline', 'ReferralBody'
  ];
  names constant text[] := array[
    'latitude', 'longitude', 'address', 'label', 'button', 'payload', 'item', 'choice',
    'flow', 'interaction', 'headline', 'advertisement'
  ];
begin
  -- Most messages say nothing beside their text.
  if not coalesce(message.body_json -> 'parameters' ?| parameters, false)
    and not message.body_json ?| array['forwarded', 'frequently_forwarded']
  then
    return '{}';
  end if;
  return (
    select coalesce(jsonb_object_agg(detail.name, left(detail.value, 1000)), '{}')
    from (
      select known.name, jsonb_path_query_first(
        message.body_json -> 'parameters' -> known.parameter, '$[*]'
      ) #>> '{}' as value
      from unnest(names, parameters) as known (name, parameter)
      union all
      select 'forwarded', case
        when message.body_json @> '{"frequently_forwarded": true}' then 'frequently'
        when message.body_json @> '{"forwarded": true}' then 'once'
      end
    ) as detail
    where detail.value <> ''
  );
end;
$$;

comment on function cc_private.details_for_agent(public.cc_messages) is 'What an agent is told of a message beside its text: a few texts by name, a thousand characters each at most.';
revoke all on function cc_private.details_for_agent(public.cc_messages) from public, anon, authenticated, service_role;

create function cc_private.replied_to_for_agent(message public.cc_messages)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
begin
  if message.replied_to_message_id is null then
    return null;
  end if;
  -- Its seq counts in its own conversation, which need not be this one.
  return (
    select jsonb_build_object(
      'seq', case when earlier.conversation_id = message.conversation_id then earlier.seq end,
      'direction', earlier.direction,
      'text', left(cc_private.text_for_agent(earlier), 1000)
    )
    from public.cc_messages as earlier
    where earlier.id = message.replied_to_message_id
  );
end;
$$;

comment on function cc_private.replied_to_for_agent(public.cc_messages) is 'The message that this one replies to, as an agent sees it, a thousand characters at most; null without one.';
revoke all on function cc_private.replied_to_for_agent(public.cc_messages) from public, anon, authenticated, service_role;
