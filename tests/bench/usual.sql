-- The tables of the webhook as it is usually written, with the indexes that it needs, and one
-- function for each of its statements.

create table public.usual_conversations (
  id uuid primary key default gen_random_uuid(),
  address text not null unique,
  business_address text not null,
  created_at timestamptz not null default now()
);
create table public.usual_messages (
  id uuid primary key default gen_random_uuid(),
  conversation_id uuid not null references public.usual_conversations,
  sid text not null unique,
  from_address text not null,
  to_address text not null,
  body_text text not null,
  body_json jsonb not null,
  created_at timestamptz not null default now()
);
create table public.usual_audit (
  id bigint generated always as identity primary key,
  conversation_id uuid references public.usual_conversations,
  event text not null,
  details jsonb not null,
  created_at timestamptz not null default now()
);
create index usual_audit_conversation_id_idx on public.usual_audit (conversation_id);
grant select, insert on public.usual_conversations, public.usual_messages, public.usual_audit to service_role;

create function public.usual_find_message(sid text) returns uuid language sql stable
  as $$ select id from public.usual_messages where usual_messages.sid = $1 $$;
create function public.usual_find_conversation(address text) returns uuid language sql stable
  as $$ select id from public.usual_conversations where usual_conversations.address = $1 $$;
create function public.usual_insert_conversation(address text, business_address text) returns uuid language sql
  as $$
    insert into public.usual_conversations (address, business_address) values ($1, $2)
    on conflict (address) do update set business_address = excluded.business_address returning id
  $$;
create function public.usual_insert_message(
  conversation_id uuid, sid text, from_address text, to_address text, body_text text, body_json jsonb
) returns uuid language sql
  as $$
    insert into public.usual_messages (conversation_id, sid, from_address, to_address, body_text, body_json)
    values ($1, $2, $3, $4, $5, $6) returning id
  $$;
create function public.usual_insert_audit(conversation_id uuid, event text, details jsonb) returns void language sql
  as $$ insert into public.usual_audit (conversation_id, event, details) values ($1, $2, $3) $$;
grant execute on all functions in schema public to service_role;
