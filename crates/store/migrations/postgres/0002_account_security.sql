-- The tables of ../sqlite/0002_account_security.sql, which says what they are for; a test compares the two.

ALTER TABLE accounts ADD COLUMN pending_email TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN two_factor_since BIGINT;

ALTER TABLE sessions ADD COLUMN last_second_factor_at BIGINT;

CREATE TABLE two_factor (
  account_id    UUID   NOT NULL,
  sealed_secret BYTEA  NOT NULL,
  last_step     BIGINT NOT NULL,
  told_step     BIGINT,
  expires_at    BIGINT,
  enabled_at    BIGINT,
  CONSTRAINT two_factor_pkey PRIMARY KEY (account_id),
  CONSTRAINT two_factor_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE,
  CONSTRAINT two_factor_state_check CHECK ((enabled_at IS NULL) = (expires_at IS NOT NULL))
);
CREATE INDEX two_factor_by_expiry ON two_factor (expires_at) WHERE enabled_at IS NULL;

CREATE TABLE backup_code_sets (
  account_id   UUID   NOT NULL,
  set_id       UUID   NOT NULL,
  created_at   BIGINT NOT NULL,
  confirmed_at BIGINT,
  CONSTRAINT backup_code_sets_pkey PRIMARY KEY (account_id, set_id),
  CONSTRAINT backup_code_sets_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX backup_code_sets_pending ON backup_code_sets (created_at) WHERE confirmed_at IS NULL;

CREATE TABLE backup_codes (
  account_id UUID   NOT NULL,
  set_id     UUID   NOT NULL,
  code_hash  BYTEA  NOT NULL,
  used_at    BIGINT,
  CONSTRAINT backup_codes_pkey PRIMARY KEY (account_id, set_id, code_hash),
  CONSTRAINT backup_codes_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE second_factor_attempts (
  account_id   UUID             NOT NULL,
  door         TEXT COLLATE "C" NOT NULL,
  failures     BIGINT           NOT NULL,
  paused_until BIGINT,
  updated_at   BIGINT           NOT NULL,
  CONSTRAINT second_factor_attempts_pkey PRIMARY KEY (account_id, door),
  CONSTRAINT second_factor_attempts_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX second_factor_attempts_by_time ON second_factor_attempts (updated_at);

CREATE TABLE sign_in_transactions (
  account_id       UUID             NOT NULL,
  transaction_hash BYTEA            NOT NULL,
  client           TEXT COLLATE "C",
  expires_at       BIGINT           NOT NULL,
  CONSTRAINT sign_in_transactions_pkey PRIMARY KEY (account_id, transaction_hash),
  CONSTRAINT sign_in_transactions_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_transactions_by_expiry ON sign_in_transactions (expires_at);

CREATE TABLE events (
  account_id UUID             NOT NULL,
  seq        BIGINT           NOT NULL,
  event_id   UUID             NOT NULL,
  kind       TEXT COLLATE "C" NOT NULL,
  category   TEXT COLLATE "C" NOT NULL,
  at         BIGINT           NOT NULL,
  session_id UUID,
  device     TEXT COLLATE "C",
  ip_address TEXT COLLATE "C",
  details    TEXT COLLATE "C" NOT NULL,
  hash       BYTEA            NOT NULL,
  CONSTRAINT events_pkey PRIMARY KEY (account_id, seq),
  CONSTRAINT events_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX events_by_category ON events (account_id, category, seq);

CREATE TABLE event_heads (
  account_id UUID   NOT NULL,
  seq        BIGINT NOT NULL,
  hash       BYTEA  NOT NULL,
  CONSTRAINT event_heads_pkey PRIMARY KEY (account_id),
  CONSTRAINT event_heads_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE email_changes (
  account_id UUID             NOT NULL,
  email      TEXT COLLATE "C" NOT NULL,
  email_key  TEXT COLLATE "C" NOT NULL,
  code_hash  BYTEA            NOT NULL,
  failures   BIGINT           NOT NULL,
  expires_at BIGINT           NOT NULL,
  CONSTRAINT email_changes_pkey PRIMARY KEY (account_id),
  CONSTRAINT email_changes_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);

CREATE TABLE password_resets (
  account_id          UUID   NOT NULL,
  code_hash           BYTEA  NOT NULL,
  failures            BIGINT NOT NULL,
  expires_at          BIGINT NOT NULL,
  previous_hash       BYTEA,
  previous_expires_at BIGINT,
  CONSTRAINT password_resets_pkey PRIMARY KEY (account_id),
  CONSTRAINT password_resets_account_fkey FOREIGN KEY (account_id)
    REFERENCES accounts (account_id) ON DELETE CASCADE
);
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);

CREATE TABLE outbox (
  account_id      UUID    NOT NULL,
  mail_id         UUID    NOT NULL,
  has_code        BOOLEAN NOT NULL,
  sealed          BYTEA   NOT NULL,
  attempts        BIGINT  NOT NULL,
  next_attempt_at BIGINT  NOT NULL,
  expires_at      BIGINT  NOT NULL,
  CONSTRAINT outbox_pkey PRIMARY KEY (account_id, mail_id)
);
CREATE INDEX outbox_by_next_attempt ON outbox (has_code, next_attempt_at);

CREATE TABLE name_holds (
  name_hash  BYTEA  NOT NULL,
  held_until BIGINT NOT NULL,
  CONSTRAINT name_holds_pkey PRIMARY KEY (name_hash)
);
CREATE INDEX name_holds_by_time ON name_holds (held_until);

INSERT INTO event_heads (account_id, seq, hash) SELECT account_id, 0, decode(repeat('00', 32), 'hex') FROM accounts;
