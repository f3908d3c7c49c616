-- The tables of ../sqlite/0004_connections.sql, which says what they are for; a test compares the two.

CREATE TABLE integrations (
  account_id     UUID             NOT NULL,
  integration_id UUID             NOT NULL,
  provider       TEXT COLLATE "C" NOT NULL,
  host           TEXT COLLATE "C" NOT NULL,
  subject        TEXT COLLATE "C" NOT NULL,
  login          TEXT COLLATE "C" NOT NULL,
  scopes         TEXT COLLATE "C" NOT NULL,
  sealed         BYTEA            NOT NULL,
  generation     BIGINT           NOT NULL,
  refreshable    BOOLEAN          NOT NULL,
  expires_at     BIGINT,
  connected_at   BIGINT           NOT NULL,
  checked_at     BIGINT           NOT NULL,
  failure        TEXT COLLATE "C",
  detail         TEXT COLLATE "C",
  next_check_at  BIGINT           NOT NULL,
  refresh_until  BIGINT,
  CONSTRAINT integrations_pkey PRIMARY KEY (account_id, integration_id),
  CONSTRAINT integrations_subject_key UNIQUE (account_id, provider, host, subject),
  CONSTRAINT integrations_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX integrations_by_check ON integrations (next_check_at);

CREATE TABLE integration_attempts (
  account_id   UUID             NOT NULL,
  attempt_id   UUID             NOT NULL,
  session_id   UUID             NOT NULL,
  provider     TEXT COLLATE "C" NOT NULL,
  host         TEXT COLLATE "C" NOT NULL,
  method       TEXT COLLATE "C" NOT NULL,
  sealed       BYTEA            NOT NULL,
  reconnect    UUID,
  poll_seconds BIGINT           NOT NULL,
  next_poll_at BIGINT           NOT NULL,
  expires_at   BIGINT           NOT NULL,
  CONSTRAINT integration_attempts_pkey PRIMARY KEY (account_id, attempt_id),
  CONSTRAINT integration_attempts_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX integration_attempts_by_end ON integration_attempts (expires_at);

CREATE TABLE container_registries (
  account_id    UUID             NOT NULL,
  registry_id   UUID             NOT NULL,
  host          TEXT COLLATE "C" NOT NULL,
  username      TEXT COLLATE "C" NOT NULL,
  sealed        BYTEA            NOT NULL,
  generation    BIGINT           NOT NULL,
  created_at    BIGINT           NOT NULL,
  checked_at    BIGINT           NOT NULL,
  failure       TEXT COLLATE "C",
  detail        TEXT COLLATE "C",
  next_check_at BIGINT           NOT NULL,
  CONSTRAINT container_registries_pkey PRIMARY KEY (account_id, registry_id),
  CONSTRAINT container_registries_host_key UNIQUE (account_id, host),
  CONSTRAINT container_registries_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX container_registries_by_check ON container_registries (next_check_at);

CREATE TABLE credential_access (
  account_id    UUID   NOT NULL,
  session_id    UUID   NOT NULL,
  allowed_since BIGINT NOT NULL,
  CONSTRAINT credential_access_pkey PRIMARY KEY (account_id, session_id),
  CONSTRAINT credential_access_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT credential_access_session_fkey FOREIGN KEY (account_id, session_id)
    REFERENCES sessions (account_id, session_id) ON DELETE CASCADE
);

CREATE TABLE registry_passwords (
  account_id UUID   NOT NULL,
  token_hash BYTEA  NOT NULL,
  session_id UUID   NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  CONSTRAINT registry_passwords_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT registry_passwords_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX registry_passwords_by_end ON registry_passwords (expires_at);
