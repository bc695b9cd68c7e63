-- pg_net rings the orchestrator after COMMIT; pg_cron runs the sweep and the sync.
-- Vault, the third one that Switchboard needs, is there in every Supabase project.

create extension if not exists pg_net with schema extensions;
create extension if not exists pg_cron with schema pg_catalog;
