-- The tables of ../sqlite/0003_keys.sql, which says what they are for; a test compares the two.

CREATE TABLE personal_api_keys (
  account_id   UUID             NOT NULL,
  key_id       UUID             NOT NULL,
  token_hash   BYTEA            NOT NULL,
  sealed       BYTEA            NOT NULL,
  last_four    TEXT COLLATE "C" NOT NULL,
  created_at   BIGINT           NOT NULL,
  last_used_at BIGINT,
  last_used_ip TEXT COLLATE "C",
  CONSTRAINT personal_api_keys_pkey PRIMARY KEY (account_id),
  CONSTRAINT personal_api_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE api_keys (
  account_id       UUID             NOT NULL,
  token_hash       BYTEA            NOT NULL,
  key_id           UUID             NOT NULL,
  name             TEXT COLLATE "C" NOT NULL,
  scope_api        BOOLEAN          NOT NULL,
  scope_registry   BOOLEAN          NOT NULL,
  last_four        TEXT COLLATE "C" NOT NULL,
  created_at       BIGINT           NOT NULL,
  expires_at       BIGINT,
  last_used_at     BIGINT,
  last_used_ip     TEXT COLLATE "C",
  next_reminder_at BIGINT,
  CONSTRAINT api_keys_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT api_keys_key_key UNIQUE (account_id, key_id),
  CONSTRAINT api_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT api_keys_scope_check CHECK (scope_api OR scope_registry)
);
CREATE INDEX api_keys_by_reminder ON api_keys (next_reminder_at) WHERE next_reminder_at IS NOT NULL;

CREATE TABLE ssh_keys (
  account_id   UUID             NOT NULL,
  fingerprint  BYTEA            NOT NULL,
  key_id       UUID             NOT NULL,
  name         TEXT COLLATE "C" NOT NULL,
  algorithm    TEXT COLLATE "C" NOT NULL,
  bits         BIGINT           NOT NULL,
  public_key   TEXT COLLATE "C" NOT NULL,
  added_at     BIGINT           NOT NULL,
  last_used_at BIGINT,
  CONSTRAINT ssh_keys_pkey PRIMARY KEY (account_id, fingerprint),
  CONSTRAINT ssh_keys_key_key UNIQUE (account_id, key_id),
  CONSTRAINT ssh_keys_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE signing_keys (
  key_id      TEXT COLLATE "C" NOT NULL,
  sealed      BYTEA            NOT NULL,
  certificate TEXT COLLATE "C" NOT NULL,
  created_at  BIGINT           NOT NULL,
  signs_from  BIGINT           NOT NULL,
  CONSTRAINT signing_keys_pkey PRIMARY KEY (key_id)
);
