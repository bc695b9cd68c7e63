-- Stand-in for supabase_vault: the same objects, signatures, grants and errors.
--
-- The real one encrypts with a root key that SQL cannot reach. Here the key stands below: this
-- hides nothing from anyone who can read the repository, and only makes sure that whoever reads
-- `secret` instead of `decrypted_secret` gets nothing usable, as on the platform.

create function vault._crypto_aead_det_noncegen()
returns bytea
language sql
-- Immutable like the real one, so that the planner evaluates it: a role without the right to call
-- it cannot even plan an insert into vault.secrets.
immutable
as $$
  select @extschema:pgcrypto@.gen_random_bytes(16)
$$;

create function vault._crypto_aead_det_encrypt(
  message bytea,
  additional bytea,
  key_id bigint,
  context bytea default 'pgsodium',
  nonce bytea default null
)
returns bytea
language sql
immutable
as $$
  select @extschema:pgcrypto@.encrypt_iv(message, sha256('local vault'), nonce, 'aes')
$$;

create function vault._crypto_aead_det_decrypt(
  message bytea,
  additional bytea,
  key_id bigint,
  context bytea default 'pgsodium',
  nonce bytea default null
)
returns bytea
language sql
immutable
as $$
  select @extschema:pgcrypto@.decrypt_iv(message, sha256('local vault'), nonce, 'aes')
$$;

create table vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea default vault._crypto_aead_det_noncegen(),
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);

create unique index secrets_name_idx on vault.secrets (name) where name is not null;

create view vault.decrypted_secrets as
select
  secrets.id,
  secrets.name,
  secrets.description,
  secrets.secret,
  convert_from(
    vault._crypto_aead_det_decrypt(
      decode(secrets.secret, 'base64'),
      convert_to(secrets.id::text, 'utf8'),
      0,
      'pgsodium',
      secrets.nonce
    ),
    'utf8'
  ) collate "C" as decrypted_secret,
  secrets.key_id,
  secrets.nonce,
  secrets.created_at,
  secrets.updated_at
from vault.secrets;

create function vault.create_secret(
  new_secret text,
  new_name text default null,
  new_description text default '',
  new_key_id uuid default null
)
returns uuid
language plpgsql
security definer
set search_path = ''
as $$
declare
  new_id constant uuid := pg_catalog.gen_random_uuid();
  new_nonce constant bytea := @extschema:pgcrypto@.gen_random_bytes(16);
begin
  insert into vault.secrets (id, name, description, secret, key_id, nonce)
  values (
    new_id,
    new_name,
    new_description,
    pg_catalog.encode(
      vault._crypto_aead_det_encrypt(
        pg_catalog.convert_to(new_secret, 'utf8'),
        pg_catalog.convert_to(new_id::text, 'utf8'),
        0,
        'pgsodium',
        new_nonce
      ),
      'base64'
    ),
    new_key_id,
    new_nonce
  );
  return new_id;
end
$$;

create function vault.update_secret(
  secret_id uuid,
  new_secret text default null,
  new_name text default null,
  new_description text default null,
  new_key_id uuid default null
)
returns void
language plpgsql
security definer
set search_path = ''
as $$
begin
  update vault.secrets
  set
    name = coalesce(new_name, secrets.name),
    description = coalesce(new_description, secrets.description),
    secret = coalesce(
      pg_catalog.encode(
        vault._crypto_aead_det_encrypt(
          pg_catalog.convert_to(new_secret, 'utf8'),
          pg_catalog.convert_to(secrets.id::text, 'utf8'),
          0,
          'pgsodium',
          secrets.nonce
        ),
        'base64'
      ),
      secrets.secret
    ),
    key_id = coalesce(new_key_id, secrets.key_id),
    updated_at = current_timestamp
  where secrets.id = secret_id;
end
$$;

revoke execute on all functions in schema vault from public;

grant usage on schema vault to postgres, service_role;
grant select, delete on vault.secrets, vault.decrypted_secrets to postgres, service_role;
grant execute on function
  vault.create_secret(text, text, text, uuid),
  vault.update_secret(uuid, text, text, text, uuid),
  vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea)
to service_role;
grant execute on function
  vault.create_secret(text, text, text, uuid),
  vault.update_secret(uuid, text, text, text, uuid),
  vault._crypto_aead_det_decrypt(bytea, bytea, bigint, bytea, bytea)
to postgres with grant option;
