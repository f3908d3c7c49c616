-- Source code integration, container registries, and credentials for tools. The rules are those of 0001.

-- Accounts at providers of source code. sealed is the tokens as JSON, sealed with a key outside of the database.
-- generation counts the tokens: whoever writes new ones names the one they replace, so that of two that refresh at once
-- one is told. refresh_until is how long somebody has to refresh them, null while nobody does. failure is why the last
-- check found it broken, null where it worked.
CREATE TABLE integrations (
  account_id     BLOB    NOT NULL,
  integration_id BLOB    NOT NULL,
  provider       TEXT    NOT NULL,
  host           TEXT    NOT NULL,
  subject        TEXT    NOT NULL,
  login          TEXT    NOT NULL,
  scopes         TEXT    NOT NULL,
  sealed         BLOB    NOT NULL,
  generation     INTEGER NOT NULL,
  refreshable    INTEGER NOT NULL,
  expires_at     INTEGER,
  connected_at   INTEGER NOT NULL,
  checked_at     INTEGER NOT NULL,
  failure        TEXT,
  detail         TEXT,
  next_check_at  INTEGER NOT NULL,
  refresh_until  INTEGER,
  CONSTRAINT integrations_pkey PRIMARY KEY (account_id, integration_id),
  CONSTRAINT integrations_subject_key UNIQUE (account_id, provider, host, subject),
  CONSTRAINT integrations_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX integrations_by_check ON integrations (next_check_at);

-- Attempts to connect one. sealed is the device code, or state and verifier of the code flow, and the tokens from when they
-- came until the connection is there. Only the session that began an attempt goes on with it. next_poll_at keeps two from
-- asking at once.
CREATE TABLE integration_attempts (
  account_id   BLOB    NOT NULL,
  attempt_id   BLOB    NOT NULL,
  session_id   BLOB    NOT NULL,
  provider     TEXT    NOT NULL,
  host         TEXT    NOT NULL,
  method       TEXT    NOT NULL,
  sealed       BLOB    NOT NULL,
  reconnect    BLOB,
  poll_seconds INTEGER NOT NULL,
  next_poll_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  CONSTRAINT integration_attempts_pkey PRIMARY KEY (account_id, attempt_id),
  CONSTRAINT integration_attempts_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX integration_attempts_by_end ON integration_attempts (expires_at);

-- Private container registries. sealed is the password, sealed with a key outside of the database. generation counts the
-- credentials: the result of a check is written only for those that were checked.
CREATE TABLE container_registries (
  account_id    BLOB    NOT NULL,
  registry_id   BLOB    NOT NULL,
  host          TEXT    NOT NULL,
  username      TEXT    NOT NULL,
  sealed        BLOB    NOT NULL,
  generation    INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  checked_at    INTEGER NOT NULL,
  failure       TEXT,
  detail        TEXT,
  next_check_at INTEGER NOT NULL,
  CONSTRAINT container_registries_pkey PRIMARY KEY (account_id, registry_id),
  CONSTRAINT container_registries_host_key UNIQUE (account_id, host),
  CONSTRAINT container_registries_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX container_registries_by_check ON container_registries (next_check_at);

-- Sessions that may read credentials. A row holds while its session is open, and goes with it.
CREATE TABLE credential_access (
  account_id    BLOB    NOT NULL,
  session_id    BLOB    NOT NULL,
  allowed_since INTEGER NOT NULL,
  CONSTRAINT credential_access_pkey PRIMARY KEY (account_id, session_id),
  CONSTRAINT credential_access_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT credential_access_session_fkey FOREIGN KEY (account_id, session_id)
    REFERENCES sessions (account_id, session_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Short-lived passwords for the service's own registry, found by their hash inside the account they name. Each is good
-- as long as the session that asked for it, and no longer than expires_at.
CREATE TABLE registry_passwords (
  account_id BLOB    NOT NULL,
  token_hash BLOB    NOT NULL,
  session_id BLOB    NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT registry_passwords_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT registry_passwords_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX registry_passwords_by_end ON registry_passwords (expires_at);
