-- Two-factor authentication, backup codes, the second step of signing in, activity, e-mail, names that are held.
-- The rules are those of 0001; name_holds is one more look-up table.

ALTER TABLE accounts ADD COLUMN pending_email TEXT;
-- Since when signing in asks for a second factor; here, because every request reads this row and no other.
ALTER TABLE accounts ADD COLUMN two_factor_since INTEGER;

-- When the second factor was last proved in this session.
ALTER TABLE sessions ADD COLUMN last_second_factor_at INTEGER;

-- The secret of the authenticator app, sealed with a key outside of the database. While enabled_at is null it waits for
-- its first code until expires_at. last_step is the last time step that was accepted; it only moves forward, which is
-- what refuses a code the second time. told_step is a step to come that somebody was told of, who may have guessed its
-- code: it is refused too.
CREATE TABLE two_factor (
  account_id    BLOB    NOT NULL,
  sealed_secret BLOB    NOT NULL,
  last_step     INTEGER NOT NULL,
  told_step     INTEGER,
  expires_at    INTEGER,
  enabled_at    INTEGER,
  CONSTRAINT two_factor_pkey PRIMARY KEY (account_id),
  CONSTRAINT two_factor_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT two_factor_state_check CHECK ((enabled_at IS NULL) = (expires_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX two_factor_by_expiry ON two_factor (expires_at) WHERE enabled_at IS NULL;

-- A set is pending until confirmed_at; of the confirmed ones there is one at a time.
CREATE TABLE backup_code_sets (
  account_id   BLOB    NOT NULL,
  set_id       BLOB    NOT NULL,
  created_at   INTEGER NOT NULL,
  confirmed_at INTEGER,
  CONSTRAINT backup_code_sets_pkey PRIMARY KEY (account_id, set_id),
  CONSTRAINT backup_code_sets_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX backup_code_sets_pending ON backup_code_sets (created_at) WHERE confirmed_at IS NULL;

-- code_hash is an HMAC with a key outside of the database.
CREATE TABLE backup_codes (
  account_id BLOB    NOT NULL,
  set_id     BLOB    NOT NULL,
  code_hash  BLOB    NOT NULL,
  used_at    INTEGER,
  CONSTRAINT backup_codes_pkey PRIMARY KEY (account_id, set_id, code_hash),
  CONSTRAINT backup_codes_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Wrong second factors, by the door they were tried at: signing in has one door, a forgotten
-- password another, each session its own.
CREATE TABLE second_factor_attempts (
  account_id   BLOB    NOT NULL,
  door         TEXT    NOT NULL,
  failures     INTEGER NOT NULL,
  paused_until INTEGER,
  updated_at   INTEGER NOT NULL,
  CONSTRAINT second_factor_attempts_pkey PRIMARY KEY (account_id, door),
  CONSTRAINT second_factor_attempts_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX second_factor_attempts_by_time ON second_factor_attempts (updated_at);

-- Between the password and the second factor. client is what the app said of itself, as JSON.
CREATE TABLE sign_in_transactions (
  account_id       BLOB    NOT NULL,
  transaction_hash BLOB    NOT NULL,
  client           TEXT,
  expires_at       INTEGER NOT NULL,
  CONSTRAINT sign_in_transactions_pkey PRIMARY KEY (account_id, transaction_hash),
  CONSTRAINT sign_in_transactions_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_transactions_by_expiry ON sign_in_transactions (expires_at);

-- What happened. hash is SHA-256 over the hash before and everything in the row, so that a row that was changed or
-- taken out is found; event_heads holds the end of each chain, so that rows missing at the end are found too.
CREATE TABLE events (
  account_id BLOB    NOT NULL,
  seq        INTEGER NOT NULL,
  event_id   BLOB    NOT NULL,
  kind       TEXT    NOT NULL,
  category   TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  session_id BLOB,
  device     TEXT,
  ip_address TEXT,
  details    TEXT    NOT NULL,
  hash       BLOB    NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (account_id, seq),
  CONSTRAINT events_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX events_by_category ON events (account_id, category, seq);

CREATE TABLE event_heads (
  account_id BLOB    NOT NULL,
  seq        INTEGER NOT NULL,
  hash       BLOB    NOT NULL,
  CONSTRAINT event_heads_pkey PRIMARY KEY (account_id),
  CONSTRAINT event_heads_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A new address that waits for the code that was mailed to it.
CREATE TABLE email_changes (
  account_id BLOB    NOT NULL,
  email      TEXT    NOT NULL,
  email_key  TEXT    NOT NULL,
  code_hash  BLOB    NOT NULL,
  failures   INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CONSTRAINT email_changes_pkey PRIMARY KEY (account_id),
  CONSTRAINT email_changes_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The last code that was mailed, and the one before, which counts until its time is over.
CREATE TABLE password_resets (
  account_id          BLOB    NOT NULL,
  code_hash           BLOB    NOT NULL,
  failures            INTEGER NOT NULL,
  expires_at          INTEGER NOT NULL,
  previous_hash       BLOB,
  previous_expires_at INTEGER,
  CONSTRAINT password_resets_pkey PRIMARY KEY (account_id),
  CONSTRAINT password_resets_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);

-- Mail that has not been taken by the mail server yet, sealed. has_code is 1 where somebody waits for it. No foreign key: the last message of an account goes out
-- after it.
CREATE TABLE outbox (
  account_id      BLOB    NOT NULL,
  mail_id         BLOB    NOT NULL,
  has_code        INTEGER NOT NULL,
  sealed          BLOB    NOT NULL,
  attempts        INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (account_id, mail_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_next_attempt ON outbox (has_code, next_attempt_at);

-- User names of deleted accounts, as an HMAC with a key outside of the database.
CREATE TABLE name_holds (
  name_hash  BLOB    NOT NULL,
  held_until INTEGER NOT NULL,
  CONSTRAINT name_holds_pkey PRIMARY KEY (name_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_holds_by_time ON name_holds (held_until);

-- Accounts that were made before there was a chain begin theirs.
INSERT INTO event_heads (account_id, seq, hash) SELECT account_id, 0, zeroblob(32) FROM accounts;
