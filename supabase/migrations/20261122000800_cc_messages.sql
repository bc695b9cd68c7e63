-- One inbound or outbound message. The unique index on the provider's id is what makes a message
-- arrive once, however often it is delivered.

create table public.cc_messages (
  id uuid primary key default cc_private.new_id(),
  conversation_id uuid not null references public.cc_conversations,
  seq bigint not null,
  -- Deferred: a message names its turn when it is written, and its trigger then opens that turn.
  turn_id uuid references public.cc_turns deferrable initially deferred,
  direction text not null
    constraint direction_is_valid check (direction in ('inbound', 'outbound')),
  provider text not null,
  provider_message_id text,
  from_address text not null,
  to_address text not null,
  body_text text not null,
  body_json jsonb not null default '{}',
  signature text,
  replied_to_message_id uuid references public.cc_messages on delete set null,
  send_state text
    constraint send_state_is_valid
    check (send_state in ('ready', 'sending', 'handed_over', 'refused', 'uncertain')),
  send_attempt integer not null default 0,
  send_due_at timestamptz,
  send_dispatched_at timestamptz,
  send_claimed_at timestamptz,
  send_lease_until timestamptz,
  absent_since timestamptz,
  content_sid text,
  delivery_status text,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  handed_over_at timestamptz,
  fallback_at timestamptz,
  recovered_at timestamptz,
  completed_at timestamptz,
  provider_created_at timestamptz,
  delivery_checked_at timestamptz,
  delivery_watch_ended_at timestamptz,
  updated_at timestamptz not null default now(),
  erased_at timestamptz,

  constraint inbound_has_provider_message_id
    check (direction = 'outbound' or provider_message_id is not null),
  constraint inbound_has_turn check (direction = 'outbound' or turn_id is not null),
  constraint send_state_only_when_outbound check ((direction = 'outbound') = (send_state is not null)),
  constraint send_lease_when_in_flight
    check (coalesce(send_state in ('sending', 'uncertain'), false) = (send_lease_until is not null)),
  constraint absent_only_when_uncertain check (absent_since is null or send_state = 'uncertain'),
  constraint handed_over_has_provider_message_id
    check (send_state is distinct from 'handed_over' or provider_message_id is not null),
  constraint completed_only_when_recovered check (completed_at is null or recovered_at is not null),
  constraint cc_messages_provider_message_id_key unique (provider, provider_message_id),
  constraint cc_messages_seq_key unique (conversation_id, seq)
);

create index cc_messages_turn_id_idx on public.cc_messages (turn_id);

-- The signature has no time in it: the same bytes, split differently, are the same request again.
create unique index cc_messages_signature_idx
  on public.cc_messages (signature) where signature is not null;

-- Whoever deletes a message looks here for those that reply to it.
create index cc_messages_replied_to_message_id_idx
  on public.cc_messages (replied_to_message_id) where replied_to_message_id is not null;

-- What is still to be sent, in order.
create index cc_messages_unsettled_idx
  on public.cc_messages (conversation_id, seq) where send_state in ('ready', 'sending', 'uncertain');

create index cc_messages_send_due_idx
  on public.cc_messages (send_due_at) where send_state = 'ready';
create index cc_messages_send_lease_idx
  on public.cc_messages (send_lease_until) where send_state in ('sending', 'uncertain');

-- Old messages that still say something, the oldest first.
create index cc_messages_retention_idx on public.cc_messages (created_at) where erased_at is null;

-- Inbound messages that no webhook has brought, and sent ones whose last word nobody has looked for yet.
create index cc_messages_recovered_idx
  on public.cc_messages (recovered_at)
  where recovered_at is not null and direction = 'inbound' and completed_at is null;
create index cc_messages_undelivered_idx
  on public.cc_messages (handed_over_at)
  where send_state = 'handed_over' and delivery_watch_ended_at is null;

-- At most one message to an address is on its way or uncertain: with two, Twilio's list could not
-- tell which of them it shows.
create unique index cc_messages_in_flight_idx
  on public.cc_messages (provider, to_address) where send_state in ('sending', 'uncertain');

-- An outbound message is changed some five times on its way, and no index names what changes last, its
-- delivery: with room in its page a change touches the page alone, and not eight indexes.
alter table public.cc_messages set (fillfactor = 80);

comment on table public.cc_messages is 'Each message of the provider exactly once; seq orders it inside its conversation, without gaps.';
comment on column public.cc_messages.turn_id is 'The turn that answers this inbound message, or that wrote this outbound one.';
comment on column public.cc_messages.provider_message_id is 'Twilio''s MessageSid; null for an outbound message that Twilio has not taken yet.';
comment on column public.cc_messages.body_json is 'Inbound: kind, media and the whole payload, unknown parameters included. Outbound: kind.';
comment on column public.cc_messages.signature is 'X-Twilio-Signature of the webhook that brought the message.';
comment on column public.cc_messages.replied_to_message_id is 'The message that the customer pressed "reply" on, or whose button they tapped; null when there is none, or none that we have.';
comment on column public.cc_messages.send_attempt is 'The fencing token of sending: it grows with each claim.';
comment on column public.cc_messages.send_claimed_at is 'When the newest attempt was claimed: what Twilio made since then may be it.';
comment on column public.cc_messages.send_lease_until is 'Until when the sender may begin; kept while the outcome is uncertain.';
comment on column public.cc_messages.absent_since is 'When a first complete reading of Twilio''s list ended without this attempt in it.';
comment on column public.cc_messages.content_sid is 'The template with which the newest attempt is sent instead of the text; null sends the text.';
comment on column public.cc_messages.fallback_at is 'When the customer was told, because this inbound message''s turn died: once only.';
comment on column public.cc_messages.recovered_at is 'When the sync brought it from Twilio''s list: an inbound message without its webhook, or what another system sent.';
comment on column public.cc_messages.completed_at is 'When the late webhook of a recovered message completed it: once only.';
comment on column public.cc_messages.provider_created_at is 'Twilio''s own time of a message that the sync brought; a webhook tells none.';
comment on column public.cc_messages.delivery_checked_at is 'When Twilio was last asked what became of it.';
comment on column public.cc_messages.delivery_watch_ended_at is 'When the sync found that its delivery is final, or a week old: nobody asks Twilio any more.';
comment on column public.cc_messages.delivery_status is 'Twilio''s own word for what became of it; its rank only rises.';
comment on column public.cc_messages.error_message is 'Twilio''s words, for the operator; they never enter the audit.';
comment on column public.cc_messages.erased_at is 'When its words were removed, for good: what is left is a tombstone.';

alter table public.cc_messages enable row level security;
create policy "the api reads nothing here" on public.cc_messages
  for all to anon, authenticated using (false);
revoke all on public.cc_messages from public, anon, authenticated, service_role;
