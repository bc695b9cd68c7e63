-- Everything an operator may tune at run time, in one row. Secrets are not here: they live in Vault.

create table public.cc_settings (
  id boolean primary key default true constraint only_one_row check (id),

  debounce_ms integer not null default 1000
    constraint debounce_ms_is_short check (debounce_ms between 0 and 9000),
  debounce_max_ms integer not null default 5000
    constraint debounce_max_ms_is_short check (debounce_max_ms between 0 and 60000),
  lease_seconds integer not null default 60
    constraint lease_seconds_leaves_time_to_answer check (lease_seconds between 10 and 60),
  max_failures integer not null default 5
    constraint max_failures_is_positive check (max_failures between 1 and 100),
  backoff_base_ms integer not null default 2000
    constraint backoff_base_ms_is_positive check (backoff_base_ms between 1 and 3600000),
  backoff_max_ms integer not null default 300000
    constraint backoff_max_ms_is_positive check (backoff_max_ms between 1 and 86400000),
  send_lease_seconds integer not null default 30
    constraint send_lease_seconds_leaves_time_to_send check (send_lease_seconds between 20 and 60),
  max_send_attempts integer not null default 30
    constraint max_send_attempts_is_positive check (max_send_attempts between 1 and 100),
  max_media_failures integer not null default 30
    constraint max_media_failures_is_positive check (max_media_failures between 1 and 100),
  settle_grace_seconds integer not null default 60
    constraint settle_grace_seconds_is_positive check (settle_grace_seconds between 1 and 3600),
  redispatch_seconds integer not null default 30
    constraint redispatch_seconds_is_positive check (redispatch_seconds between 1 and 3600),
  history_messages integer not null default 20
    constraint history_messages_is_bounded check (history_messages between 0 and 200),
  fallback_text text not null
    default 'Sorry, we could not answer your message just now. A person will get back to you.'
    constraint fallback_text_is_not_empty check (fallback_text <> ''),

  hand_over_text text default 'A colleague will answer you here.'
    constraint hand_over_text_is_not_empty check (hand_over_text <> ''),
  hand_over_dead_turns boolean not null default true,
  -- Within WhatsApp's 24 h, so that the agent may still answer.
  return_to_agent_minutes integer default 720
    constraint return_to_agent_minutes_is_positive check (return_to_agent_minutes > 0),
  close_after_minutes integer default 1440
    constraint close_after_minutes_is_at_least_an_hour check (close_after_minutes >= 60),

  customer_burst_messages integer not null default 20
    constraint customer_burst_messages_is_positive check (customer_burst_messages > 0),
  customer_messages_per_minute integer not null default 20
    constraint customer_messages_per_minute_is_positive check (customer_messages_per_minute > 0),
  rate_limit_notice_text text
    default 'We have received your messages and will answer them in a moment.',
  rate_limit_notice_minutes integer not null default 10
    constraint rate_limit_notice_minutes_is_positive check (rate_limit_notice_minutes > 0),
  turns_per_minute integer not null default 600
    constraint turns_per_minute_is_positive check (turns_per_minute > 0),
  customer_tokens_per_day bigint default 500000
    constraint customer_tokens_per_day_is_not_negative check (customer_tokens_per_day >= 0),
  tokens_per_day bigint default 50000000
    constraint tokens_per_day_is_not_negative check (tokens_per_day >= 0),

  -- Whole messages only. No word that answers a question ("cancel", "end", "sair"): it would silence us.
  opt_out_keywords text[] not null default array[
    'stop', 'stop all', 'stopall', 'unsubscribe', 'opt out', 'optout', 'parar', 'pare', 'descadastrar',
    'baja', 'darse de baja', 'detener', 'stopp', 'abmelden', 'arrêt', 'arrêter', 'se désabonner', 'disiscrivimi'
  ]
    constraint opt_out_keywords_are_words check (array_position(opt_out_keywords, null) is null),
  opt_in_keywords text[] not null default array[
    'start', 'unstop', 'subscribe', 'opt in', 'optin', 'iniciar', 'começar', 'voltar', 'comenzar', 'alta',
    'anmelden', 'démarrer', 'commencer', 'iscrivimi'
  ]
    constraint opt_in_keywords_are_words check (array_position(opt_in_keywords, null) is null),
  plain_opt_out_keywords text[] not null
    generated always as (cc_private.plain_keywords(opt_out_keywords)) stored,
  plain_opt_in_keywords text[] not null
    generated always as (cc_private.plain_keywords(opt_in_keywords)) stored,
  opt_out_text text
    default 'You will get no more messages from us. Write START to hear from us again.'
    constraint opt_out_text_is_not_empty check (opt_out_text <> ''),
  opt_in_text text
    default 'Welcome back: you will get our messages again.'
    constraint opt_in_text_is_not_empty check (opt_in_text <> ''),
  outside_window_content_sid text
    constraint outside_window_content_sid_is_valid check (outside_window_content_sid ~ '^HX[0-9a-fA-F]{32}$'),
  outside_window_content_variables jsonb not null default '{}'
    constraint outside_window_content_variables_is_an_object
    check (jsonb_typeof(outside_window_content_variables) = 'object'),

  unanswered_alert_minutes integer not null default 5
    constraint unanswered_alert_minutes_is_positive check (unanswered_alert_minutes > 0),
  uncertain_alert_minutes integer not null default 15
    constraint uncertain_alert_minutes_is_positive check (uncertain_alert_minutes > 0),
  trigger_failures_alert_count integer not null default 10
    constraint trigger_failures_alert_count_is_positive check (trigger_failures_alert_count > 0),
  alert_cooldown_minutes integer not null default 15
    constraint alert_cooldown_minutes_is_not_negative check (alert_cooldown_minutes >= 0),

  retention_days integer
    constraint retention_days_is_positive check (retention_days > 0),
  business_addresses text[] not null default '{}',
  sync_since timestamptz not null default now(),
  sync_min_age_seconds integer not null default 60
    constraint sync_min_age_seconds_is_bounded check (sync_min_age_seconds between 0 and 3600),
  sync_overlap_minutes integer not null default 60
    constraint sync_overlap_minutes_is_bounded check (sync_overlap_minutes between 1 and 2880),
  stale_status_minutes integer not null default 15
    constraint stale_status_minutes_is_positive check (stale_status_minutes > 0),
  webhooks_missed_alert_count integer not null default 1
    constraint webhooks_missed_alert_count_is_positive check (webhooks_missed_alert_count > 0),
  webhooks_missed_alert_minutes integer not null default 60
    constraint webhooks_missed_alert_minutes_is_positive check (webhooks_missed_alert_minutes > 0),
  sync_stopped_alert_minutes integer not null default 15
    constraint sync_stopped_alert_minutes_is_positive check (sync_stopped_alert_minutes > 0),

  updated_at timestamptz not null default now(),

  constraint no_keyword_means_both check (not opt_out_keywords && opt_in_keywords)
);

insert into public.cc_settings default values;

comment on table public.cc_settings is 'What an operator may tune at run time: always exactly one row.';
comment on column public.cc_settings.debounce_ms is 'A turn waits this long after the last message of a burst. Milliseconds.';
comment on column public.cc_settings.debounce_max_ms is 'A turn never waits longer than this after it was opened, however long the customer types. Milliseconds.';
comment on column public.cc_settings.lease_seconds is 'How long a claimed turn belongs to its worker, who keeps 5 s of it for storing the answer. Seconds.';
comment on column public.cc_settings.max_failures is 'A turn that has failed this often is dead.';
comment on column public.cc_settings.backoff_base_ms is 'The wait after a first failure; each further one doubles it. Milliseconds.';
comment on column public.cc_settings.backoff_max_ms is 'The longest wait between two attempts. Milliseconds.';
comment on column public.cc_settings.send_lease_seconds is 'How long a claimed outbound message belongs to its sender, who starts only with 15 s of it left. Seconds.';
comment on column public.cc_settings.max_send_attempts is 'A message that Twilio has put off this often is refused.';
comment on column public.cc_settings.max_media_failures is 'A file of a message that could not be fetched or stored this often is given up.';
comment on column public.cc_settings.settle_grace_seconds is 'How long Twilio may need to execute a request and to show its message in the list. Seconds.';
comment on column public.cc_settings.redispatch_seconds is 'The sweep rings for nothing that was rung for less than this ago. Seconds.';
comment on column public.cc_settings.history_messages is 'How many earlier messages of the conversation the agent is given.';
comment on column public.cc_settings.fallback_text is 'What a customer gets, once, whose turn died.';
comment on column public.cc_settings.hand_over_text is 'What a customer is told, once, whom a person takes over, when the agent had no words of its own; null says nothing.';
comment on column public.cc_settings.hand_over_dead_turns is 'Whether a turn that dies hands its conversation over to a person.';
comment on column public.cc_settings.return_to_agent_minutes is 'A conversation whose person has not acted for so long since their last act, or since the first message after it, returns to the agent; null never. Minutes.';
comment on column public.cc_settings.close_after_minutes is 'A conversation is closed so long after its last message; null never. Minutes.';
comment on column public.cc_settings.customer_burst_messages is 'How many messages a customer may send at once before the rate limit holds.';
comment on column public.cc_settings.customer_messages_per_minute is 'How fast a customer''s allowance grows back. Messages per minute.';
comment on column public.cc_settings.rate_limit_notice_text is 'What a customer over the limit is told; null says nothing.';
comment on column public.cc_settings.rate_limit_notice_minutes is 'A customer gets that notice at most once in this time. Minutes.';
comment on column public.cc_settings.turns_per_minute is 'The fuse for the model''s cost: above it, turns of all customers together wait. Turns per minute.';
comment on column public.cc_settings.customer_tokens_per_day is 'How much of the model one customer may use, input and output together, before the rules answer until midnight UTC; null is no limit. Tokens per day.';
comment on column public.cc_settings.tokens_per_day is 'The same for all customers together. Tokens per day.';
comment on column public.cc_settings.opt_out_keywords is 'A message that is one of these, and nothing else, opts its customer out; case, accents and punctuation do not count.';
comment on column public.cc_settings.opt_in_keywords is 'A message that is one of these brings back a customer who has opted out.';
comment on column public.cc_settings.plain_opt_out_keywords is 'The same without case, accents and punctuation, made once and not at each message.';
comment on column public.cc_settings.plain_opt_in_keywords is 'The same without case, accents and punctuation, made once and not at each message.';
comment on column public.cc_settings.opt_out_text is 'What a customer who opts out is told, once; null says nothing.';
comment on column public.cc_settings.opt_in_text is 'What a customer who comes back is told, once; null says nothing.';
comment on column public.cc_settings.outside_window_content_sid is 'The approved template (HX…) that leaves instead of a text when WhatsApp''s 24 h are over; null refuses the text.';
comment on column public.cc_settings.outside_window_content_variables is 'The template''s variables; {{text}} in a value stands for our text, on one line.';
comment on column public.cc_settings.unanswered_alert_minutes is 'A customer who waits longer than this raises an alert. Minutes.';
comment on column public.cc_settings.uncertain_alert_minutes is 'A send that stays uncertain longer than this raises an alert. Minutes.';
comment on column public.cc_settings.trigger_failures_alert_count is 'So many failed dispatches in ten minutes raise an alert.';
comment on column public.cc_settings.alert_cooldown_minutes is 'An alert of one kind leaves at most once in this time. Minutes.';
comment on column public.cc_settings.retention_days is 'Bodies and payloads older than this are removed; null keeps them. Days.';
comment on column public.cc_settings.business_addresses is 'Our own addresses: the sync reads the messages of these and of no others.';
comment on column public.cc_settings.sync_since is 'The sync takes in nothing that is older: the time of installation.';
comment on column public.cc_settings.sync_min_age_seconds is 'The sync takes in nothing younger: a webhook may be on its way. Seconds.';
comment on column public.cc_settings.sync_overlap_minutes is 'How far each reading of Twilio''s list goes back behind the end of the last one. Minutes.';
comment on column public.cc_settings.stale_status_minutes is 'Twilio is asked about a sent message whose delivery status is not final after this. Minutes.';
comment on column public.cc_settings.webhooks_missed_alert_count is 'So many messages that no webhook brought raise an alert.';
comment on column public.cc_settings.webhooks_missed_alert_minutes is 'The time within which those messages are counted. Minutes.';
comment on column public.cc_settings.sync_stopped_alert_minutes is 'No complete reading of a business address for longer than this raises an alert. Minutes.';

alter table public.cc_settings enable row level security;
create policy "the api reads nothing here" on public.cc_settings
  for all to anon, authenticated using (false);
revoke all on public.cc_settings from public, anon, authenticated, service_role;
