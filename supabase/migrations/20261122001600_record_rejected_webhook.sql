-- A signed request without the fields that a message needs is kept whole, once.

create function public.record_rejected_webhook(
  reason text,
  parameters jsonb,
  signature text,
  provider text default 'twilio'
)
returns table (rejected_webhook_id uuid, is_new boolean)
language plpgsql
volatile
security definer
set search_path = ''
set statement_timeout = '4s'
set lock_timeout = '2s'
as $$
begin
  is_new := cc_private.take_signature(record_rejected_webhook.signature);
  if is_new then
    insert into public.cc_rejected_webhooks as rejected (provider, reason, parameters, signature)
    values (
      record_rejected_webhook.provider, record_rejected_webhook.reason,
      record_rejected_webhook.parameters, record_rejected_webhook.signature
    )
    returning rejected.id into rejected_webhook_id;
    perform cc_private.append_audit(null, cc_private.audit_event(
      'webhook_processing_failed', 'provider',
      input => jsonb_build_object(
        'provider', record_rejected_webhook.provider,
        'parameter_count', (select count(*) from jsonb_object_keys(parameters))
      ),
      output => jsonb_build_object('rejected_webhook_id', rejected_webhook_id),
      error_code => record_rejected_webhook.reason
    ));
  else
    select rejected.id into rejected_webhook_id
    from public.cc_rejected_webhooks as rejected
    where rejected.signature = record_rejected_webhook.signature;
    if not found then
      perform cc_private.refuse_replay();
    end if;
  end if;
  return next;
end;
$$;

comment on function public.record_rejected_webhook(text, jsonb, text, text) is 'Keeps a signed request that could not be understood, whole and once. Definer: callers have no grant on any table.';
revoke all on function public.record_rejected_webhook(text, jsonb, text, text) from public, anon, authenticated;
grant execute on function public.record_rejected_webhook(text, jsonb, text, text) to service_role;
