-- API keys, SSH keys, and the keys registry tokens are signed with. The rules are those of 0001; signing_keys belongs to
-- the whole server, like instance_settings.

-- The one personal API key. sealed is the key itself, sealed with a key outside of the database, so that the person can
-- read it again. key_id changes with every new key.
CREATE TABLE personal_api_keys (
  account_id   BLOB    NOT NULL,
  key_id       BLOB    NOT NULL,
  token_hash   BLOB    NOT NULL,
  sealed       BLOB    NOT NULL,
  last_four    TEXT    NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  last_used_ip TEXT,
  CONSTRAINT personal_api_keys_pkey PRIMARY KEY (account_id),
  CONSTRAINT personal_api_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Named keys, found by the hash of the token inside the account the token names. next_reminder_at is when the
-- person is to be told that the key ends soon, null when they are not.
CREATE TABLE api_keys (
  account_id       BLOB    NOT NULL,
  token_hash       BLOB    NOT NULL,
  key_id           BLOB    NOT NULL,
  name             TEXT    NOT NULL,
  scope_api        INTEGER NOT NULL,
  scope_registry   INTEGER NOT NULL,
  last_four        TEXT    NOT NULL,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER,
  last_used_at     INTEGER,
  last_used_ip     TEXT,
  next_reminder_at INTEGER,
  CONSTRAINT api_keys_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT api_keys_key_key UNIQUE (account_id, key_id),
  CONSTRAINT api_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT api_keys_scope_check CHECK (scope_api + scope_registry > 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_reminder ON api_keys (next_reminder_at) WHERE next_reminder_at IS NOT NULL;

-- Public keys of the person; fingerprint is the SHA-256 of the key. An account has each key once.
CREATE TABLE ssh_keys (
  account_id   BLOB    NOT NULL,
  fingerprint  BLOB    NOT NULL,
  key_id       BLOB    NOT NULL,
  name         TEXT    NOT NULL,
  algorithm    TEXT    NOT NULL,
  bits         INTEGER NOT NULL,
  public_key   TEXT    NOT NULL,
  added_at     INTEGER NOT NULL,
  last_used_at INTEGER,
  CONSTRAINT ssh_keys_pkey PRIMARY KEY (account_id, fingerprint),
  CONSTRAINT ssh_keys_key_key UNIQUE (account_id, key_id),
  CONSTRAINT ssh_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Keys registry tokens are signed with: the newest one whose signs_from has come signs; all are in the bundle until
-- they are removed. sealed is the private key (PKCS #8), sealed with a key outside of the database.
CREATE TABLE signing_keys (
  key_id      TEXT    NOT NULL,
  sealed      BLOB    NOT NULL,
  certificate TEXT    NOT NULL,
  created_at  INTEGER NOT NULL,
  signs_from  INTEGER NOT NULL,
  CONSTRAINT signing_keys_pkey PRIMARY KEY (key_id)
) STRICT, WITHOUT ROWID;
