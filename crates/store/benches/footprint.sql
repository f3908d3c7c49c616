-- Fills an empty database of the service with people as they may be after some years, and says how many bytes each takes.
-- Used for docs/SCALING.md:
--   latchkey-server migrate --database postgres://…/footprint && psql -v accounts=100000 -f footprint.sql footprint
\set ON_ERROR_STOP on
\timing off
SET synchronous_commit = off;
SELECT setseed(0.42);

-- Ids as of UUIDv7: they ascend with time, and end at random.
CREATE FUNCTION pg_temp.v7(n BIGINT) RETURNS UUID LANGUAGE sql AS $$
  SELECT (lpad(to_hex(1790000000000 + n), 12, '0') || '7' || substr(md5(n::TEXT || random()::TEXT), 1, 3)
    || '8' || substr(md5(random()::TEXT), 1, 15))::UUID $$;
CREATE FUNCTION pg_temp.bytes(n INT) RETURNS BYTEA LANGUAGE sql AS $$
  SELECT substring(decode(string_agg(md5(random()::TEXT || i), ''), 'hex') FROM 1 FOR n)
    FROM generate_series(1, (n + 15) / 16) i $$;

CREATE TEMP TABLE people AS SELECT n, pg_temp.v7(n) AS id FROM generate_series(1, :accounts) n;
CREATE INDEX ON people (n);

INSERT INTO accounts (account_id, username, username_key, email, email_key, name, location, bio, version, created_at,
    updated_at, two_factor_since)
  SELECT id, 'person' || n, 'person' || n, 'person' || n || '@example.org', 'person' || n || '@example.org',
    'Person Number ' || n, CASE WHEN n % 2 = 0 THEN 'London' END, CASE WHEN n % 3 = 0 THEN repeat('Counts. ', 15) END,
    3, 1790000000000000, 1790000000000000, CASE WHEN n % 3 = 0 THEN 1790000000000000 END FROM people;
INSERT INTO logins SELECT 'u:person' || n, id FROM people;
INSERT INTO logins SELECT 'e:person' || n || '@example.org', id FROM people;
INSERT INTO passwords SELECT id, '$argon2id$v=19$m=19456,t=2,p=1$' || substr(md5(random()::TEXT), 1, 22) || '$'
    || substr(md5(random()::TEXT) || md5(random()::TEXT), 1, 43), 1790000000000000 FROM people;
-- Five sessions each, that begin in any order.
INSERT INTO sessions (account_id, token_hash, session_id, browser, browser_version, operating_system, model, ip_address,
    engine, cpu_architecture, created_at, last_authentication_at, last_modified_at, expires_at)
  SELECT id, pg_temp.bytes(32), pg_temp.v7(10000000 + n * 5 + s), 'Firefox', '145.0', 'Linux', NULL, '192.0.2.' || n % 255,
    'Gecko', 'x86_64', 1790000000000000 + s, 1790000000000000 + s, 1790000000000000 + s, 1793000000000000 + s
  FROM people, generate_series(1, 5) s ORDER BY random();
-- Forty things that happened.
INSERT INTO events SELECT id, s, pg_temp.v7(90000000 + n * 40 + s), 'signed_in', 'sign_in', 1790000000000000 + s,
    pg_temp.v7(10000000 + n * 5), 'Firefox on Linux', '192.0.2.' || n % 255, '{}', pg_temp.bytes(32)
  FROM people, generate_series(1, 40) s ORDER BY s;
INSERT INTO event_heads SELECT id, 40, pg_temp.bytes(32) FROM people;
-- A third have a second factor, a fifth a personal key, half an SSH key, a tenth a connection and a registry.
INSERT INTO two_factor (account_id, sealed_secret, last_step, enabled_at)
  SELECT id, pg_temp.bytes(76), 59000000, 1790000000000000 FROM people WHERE n % 3 = 0;
INSERT INTO backup_code_sets SELECT id, id, 1790000000000000, 1790000000000000 FROM people WHERE n % 3 = 0;
INSERT INTO backup_codes SELECT id, id, pg_temp.bytes(32), NULL FROM people, generate_series(1, 10) WHERE n % 3 = 0;
INSERT INTO personal_api_keys (account_id, key_id, token_hash, sealed, last_four, created_at)
  SELECT id, id, pg_temp.bytes(32), pg_temp.bytes(110), 'abcd', 1790000000000000 FROM people WHERE n % 5 = 0;
INSERT INTO api_keys (account_id, token_hash, key_id, name, scope_api, scope_registry, last_four, created_at, last_used_at)
  SELECT id, pg_temp.bytes(32), id, 'Nightly backups', TRUE, FALSE, 'abcd', 1790000000000000, 1790000000000000
  FROM people WHERE n % 5 = 0;
INSERT INTO ssh_keys (account_id, fingerprint, key_id, name, algorithm, bits, public_key, added_at)
  SELECT id, pg_temp.bytes(32), id, 'laptop', 'ssh-ed25519', 256, repeat('A', 80), 1790000000000000
  FROM people WHERE n % 2 = 0;
INSERT INTO integrations SELECT id, id, 'github', 'github.com', n::TEXT, 'person' || n, 'repo', pg_temp.bytes(260), 1, FALSE,
    NULL, 1790000000000000, 1790000000000000, NULL, NULL, 1790000000000000 + n, NULL FROM people WHERE n % 10 = 0;
INSERT INTO container_registries SELECT id, id, 'registry.example.org', 'person', pg_temp.bytes(120), 1, 1790000000000000,
    1790000000000000, NULL, NULL, 1790000000000000 + n FROM people WHERE n % 10 = 0;
-- A third have a picture of their own, in three sizes.
INSERT INTO avatars SELECT id, size, 'image/webp', pg_temp.bytes(size * 24) FROM people, unnest('{64,128,512}'::INT[]) size
  WHERE n % 3 = 0;
VACUUM ANALYZE;

\pset footer off
SELECT c.relname AS "table", c.reltuples::BIGINT AS rows,
    round(pg_total_relation_size(c.oid)::NUMERIC / NULLIF(c.reltuples, 0)::NUMERIC) AS "bytes a row",
    round(pg_total_relation_size(c.oid)::NUMERIC / :accounts) AS "bytes an account",
    round(pg_indexes_size(c.oid)::NUMERIC / :accounts) AS "of them indexes"
  FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.reltuples > 0
  ORDER BY pg_total_relation_size(c.oid) DESC;
SELECT round(SUM(pg_total_relation_size(oid))::NUMERIC / :accounts) AS "bytes an account, all tables"
  FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace;
