-- Where the content of media lies: a private bucket of Supabase Storage. A database without Storage has
-- no such table; there the bucket is whatever stands in for it.

do $$
begin
  if exists (
    select
    from information_schema.columns as known
    where known.table_schema = 'storage' and known.table_name = 'buckets'
      and known.column_name = 'file_size_limit'
  ) then
    insert into storage.buckets (id, name, public, file_size_limit)
    values ('cc-media', 'cc-media', false, 16 * 1024 * 1024)
    -- Whoever made it before: it must not be open to the world.
    on conflict (id) do update
    set public = false, file_size_limit = excluded.file_size_limit;
  end if;
end;
$$;
