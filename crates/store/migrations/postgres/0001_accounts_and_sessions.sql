-- The tables of ../sqlite/0001_accounts_and_sessions.sql, which says what they are for; a test compares the two.
-- Ids are UUID, times and numbers BIGINT, truths BOOLEAN; texts compare by their bytes, as there.

CREATE TABLE logins (
  login_key  TEXT COLLATE "C" NOT NULL,
  account_id UUID             NOT NULL,
  CONSTRAINT logins_pkey PRIMARY KEY (login_key)
);

CREATE TABLE accounts (
  account_id   UUID             NOT NULL,
  username     TEXT COLLATE "C" NOT NULL,
  username_key TEXT COLLATE "C" NOT NULL,
  email        TEXT COLLATE "C" NOT NULL,
  email_key    TEXT COLLATE "C" NOT NULL,
  name         TEXT COLLATE "C" NOT NULL,
  location     TEXT COLLATE "C",
  bio          TEXT COLLATE "C",
  avatar_etag  TEXT COLLATE "C",
  version      BIGINT           NOT NULL,
  disabled_at  BIGINT,
  created_at   BIGINT           NOT NULL,
  updated_at   BIGINT           NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (account_id)
);

CREATE TABLE passwords (
  account_id UUID             NOT NULL,
  phc        TEXT COLLATE "C" NOT NULL,
  changed_at BIGINT           NOT NULL,
  CONSTRAINT passwords_pkey PRIMARY KEY (account_id),
  CONSTRAINT passwords_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE sessions (
  account_id             UUID             NOT NULL,
  token_hash             BYTEA            NOT NULL,
  session_id             UUID             NOT NULL,
  browser                TEXT COLLATE "C",
  browser_version        TEXT COLLATE "C",
  operating_system       TEXT COLLATE "C",
  model                  TEXT COLLATE "C",
  ip_address             TEXT COLLATE "C",
  engine                 TEXT COLLATE "C",
  cpu_architecture       TEXT COLLATE "C",
  created_at             BIGINT           NOT NULL,
  last_authentication_at BIGINT           NOT NULL,
  last_modified_at       BIGINT           NOT NULL,
  expires_at             BIGINT           NOT NULL,
  closed_at              BIGINT,
  close_reason           TEXT COLLATE "C",
  CONSTRAINT sessions_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT sessions_session_key UNIQUE (account_id, session_id),
  CONSTRAINT sessions_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT sessions_close_check CHECK ((closed_at IS NULL) = (close_reason IS NULL))
);

CREATE INDEX sessions_by_use ON sessions (account_id, last_modified_at, session_id)
  WHERE closed_at IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE closed_at IS NULL;
CREATE INDEX sessions_by_closing ON sessions (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE avatars (
  account_id UUID             NOT NULL,
  size       BIGINT           NOT NULL,
  media_type TEXT COLLATE "C" NOT NULL,
  bytes      BYTEA            NOT NULL,
  CONSTRAINT avatars_pkey PRIMARY KEY (account_id, size),
  CONSTRAINT avatars_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE throttles (
  throttle_key TEXT COLLATE "C" NOT NULL,
  tat          BIGINT           NOT NULL,
  CONSTRAINT throttles_pkey PRIMARY KEY (throttle_key)
);
CREATE INDEX throttles_by_tat ON throttles (tat);

CREATE TABLE instance_settings (
  name  TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  CONSTRAINT instance_settings_pkey PRIMARY KEY (name)
);
