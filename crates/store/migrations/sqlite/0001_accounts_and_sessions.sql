-- Rules of this schema: every primary key begins with account_id, except in the look-up tables
-- (logins, throttles, instance_settings), which are keyed by the one value they are found by;
-- no foreign key, join or unique constraint crosses accounts; every constraint has a name;
-- times are UTC microseconds since 1970; ids are UUIDs made by the caller.

-- Claims of user names ('u:' + key) and e-mail addresses ('e:' + key). The primary key is what
-- makes them unique. No foreign key: on a sharded engine the account lives on another node.
CREATE TABLE logins (
  login_key  TEXT NOT NULL,
  account_id BLOB NOT NULL,
  CONSTRAINT logins_pkey PRIMARY KEY (login_key)
) STRICT, WITHOUT ROWID;

-- The *_key columns repeat the claims, so that they can be found from the account.
CREATE TABLE accounts (
  account_id   BLOB    NOT NULL,
  username     TEXT    NOT NULL,
  username_key TEXT    NOT NULL,
  email        TEXT    NOT NULL,
  email_key    TEXT    NOT NULL,
  name         TEXT    NOT NULL,
  location     TEXT,
  bio          TEXT,
  avatar_etag  TEXT,
  version      INTEGER NOT NULL,
  disabled_at  INTEGER,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (account_id)
) STRICT, WITHOUT ROWID;

-- Apart from accounts, so that the row every request reads holds no hash.
CREATE TABLE passwords (
  account_id BLOB    NOT NULL,
  phc        TEXT    NOT NULL,
  changed_at INTEGER NOT NULL,
  CONSTRAINT passwords_pkey PRIMARY KEY (account_id),
  CONSTRAINT passwords_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  account_id             BLOB    NOT NULL,
  token_hash             BLOB    NOT NULL,
  session_id             BLOB    NOT NULL,
  browser                TEXT,
  browser_version        TEXT,
  operating_system       TEXT,
  model                  TEXT,
  ip_address             TEXT,
  engine                 TEXT,
  cpu_architecture       TEXT,
  created_at             INTEGER NOT NULL,
  last_authentication_at INTEGER NOT NULL,
  last_modified_at       INTEGER NOT NULL,
  expires_at             INTEGER NOT NULL,
  closed_at              INTEGER,
  close_reason           TEXT,
  CONSTRAINT sessions_pkey PRIMARY KEY (account_id, token_hash),
  CONSTRAINT sessions_session_key UNIQUE (account_id, session_id),
  CONSTRAINT sessions_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT sessions_close_check CHECK ((closed_at IS NULL) = (close_reason IS NULL))
) STRICT, WITHOUT ROWID;

-- The list of sessions, newest use first.
CREATE INDEX sessions_by_use ON sessions (account_id, last_modified_at, session_id)
  WHERE closed_at IS NULL;
-- The sweep: a session is in exactly one of these two.
CREATE INDEX sessions_by_expiry ON sessions (expires_at) WHERE closed_at IS NULL;
CREATE INDEX sessions_by_closing ON sessions (closed_at) WHERE closed_at IS NOT NULL;

-- Pictures are far larger than a page; SQLite keeps such rows better in a table with rowids.
CREATE TABLE avatars (
  account_id BLOB    NOT NULL,
  size       INTEGER NOT NULL,
  media_type TEXT    NOT NULL,
  bytes      BLOB    NOT NULL,
  CONSTRAINT avatars_pkey PRIMARY KEY (account_id, size),
  CONSTRAINT avatars_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT;

-- tat: theoretical arrival time of the generic cell rate algorithm, the whole state of one limit.
CREATE TABLE throttles (
  throttle_key TEXT    NOT NULL,
  tat          INTEGER NOT NULL,
  CONSTRAINT throttles_pkey PRIMARY KEY (throttle_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_by_tat ON throttles (tat);

-- What belongs to the whole server, such as its id.
CREATE TABLE instance_settings (
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT instance_settings_pkey PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;
