//! SSH keys: checked, kept, and handed to `sshd`.

use latchkey_api::{
    activity::{ActivityDetails, ActivityKind},
    common::{Caller, Page, PageQuery},
    instance::TwoFactorPolicy,
    problem::{ApiResult, ErrorCode, FieldCode, Problem},
    ssh_keys::*,
};
use latchkey_ssh::{PublicKey, Refusal, fingerprint};
use latchkey_store::{AccountId, Error, Unique};

use crate::{
    cursor,
    environment::date_time,
    error::problem,
    events::Origin,
    identity_rules::{Findings, key_name, username_key},
    mail::Notice,
    service::Service,
};

#[async_trait::async_trait]
impl SshKeysApi for Service {
    async fn list_ssh_keys(&self, caller: &Caller, query: PageQuery) -> ApiResult<Page<SshKey>> {
        let person = self.admitted_person(caller, &LIST_SSH_KEYS.meta).await?;
        let after = query.after.as_deref().map(cursor::read).transpose()?;
        let limit = cursor::rows(query.limit)?;
        let rows = self.store().list_ssh_keys(person.account().account_id, after, i64::from(limit) + 1).await;
        let rows = rows.map_err(problem)?;
        let (rows, next) = cursor::page(rows, limit, |row| (row.added_at, row.key_id));
        Ok(Page { items: rows.iter().map(wire).collect(), next })
    }

    async fn add_ssh_key(&self, caller: &Caller, body: AddSshKey) -> ApiResult<SshKey> {
        let me = self.admitted(caller, &ADD_SSH_KEY.meta).await?;
        let (name, key) = checked(&body)?;
        let (account, environment) = (me.account.account_id, self.environment());
        let (origin, kind) = (Origin::of_session(caller, &me), ActivityKind::SshKeyAdded);
        let fingerprint = key.fingerprint();
        let event = self.event(kind, &origin, &details(&name, &fingerprint));
        let new = latchkey_store::SshKey {
            key_id: environment.uuid(),
            fingerprint: key.fingerprint_bytes().to_vec(),
            name,
            algorithm: key.algorithm().into(),
            bits: key.bits().into(),
            public_key: key.line(),
            added_at: environment.now(),
            last_used_at: None,
        };
        let mail = self.notice_or_none(&me.account, &Notice::SshKeyAdded { fingerprint }, &origin).await;
        let mail_id = mail.as_ref().map(|mail| mail.mail_id);
        let added = self.store().add_ssh_key(account, origin.session, new, MAX_SSH_KEYS, event, mail).await;
        let added = match added {
            Ok(Some(added)) => added,
            Ok(None) => {
                let detail = format!("There are {MAX_SSH_KEYS} SSH keys already. Remove one first.");
                return Err(Problem::new(ErrorCode::Conflict).detail(detail));
            }
            Err(Error::Conflict(Unique::SshKeyFingerprint)) => {
                let mut findings = Findings::default();
                findings.add("/public_key", FieldCode::Taken, "This key is in your account already.");
                return Err(findings.problem().unwrap_or_else(|| Problem::new(ErrorCode::Internal)));
            }
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        };
        self.told(account, &origin, kind, mail_id);
        Ok(wire(&added))
    }

    async fn remove_ssh_key(&self, caller: &Caller, path: SshKeyPath) -> ApiResult<()> {
        let me = self.admitted(caller, &REMOVE_SSH_KEY.meta).await?;
        let account = me.account.account_id;
        let not_found = || Problem::new(ErrorCode::NotFound);
        let key = self.store().get_ssh_key(account, path.id).await.map_err(problem)?.ok_or_else(not_found)?;
        let (origin, kind) = (Origin::of_session(caller, &me), ActivityKind::SshKeyRemoved);
        let event = self.event(kind, &origin, &details(&key.name, &shown(&key.fingerprint)));
        match self.store().remove_ssh_key(account, origin.session, path.id, event).await {
            Ok(true) => {}
            Ok(false) => return Err(not_found()),
            Err(error) => return Err(self.closed_meanwhile(&me, error).await),
        }
        self.announce(account, origin.session, kind);
        Ok(())
    }

    async fn get_authorized_keys(&self, _: &Caller, query: AuthorizedKeysQuery) -> ApiResult<String> {
        // A text that is no fingerprint is no key's fingerprint; all keys are read all the same.
        // Whoever hands sshd's `%f` on as it is sends a `+`, and that is a space where a query is read.
        let wanted = query.fingerprint.map(|text| fingerprint::parse(&text.trim().replace(' ', "+")));
        let found = self.store().authorized_keys(&username_key(&query.username), wanted.flatten()).await;
        let Some((account, keys)) = found.map_err(problem)? else { return Ok(String::new()) };
        let lines = keys.iter().flat_map(|key| [&key.public_key, " ", &account.username, "\n"]);
        let lines: String = lines.collect();
        let required = self.settings().two_factor == TwoFactorPolicy::Required;
        let admitted = account.disabled_at.is_none() && (account.two_factor_since.is_some() || !required);
        if !admitted || wanted == Some(None) {
            return Ok(String::new());
        }
        if wanted.is_some() {
            for key in &keys {
                self.note_ssh_key_use(account.account_id, key);
            }
        }
        Ok(lines)
    }
}

impl Service {
    /// All keys of an account, the newest first.
    pub(crate) async fn ssh_keys_of(&self, account: AccountId) -> ApiResult<Vec<SshKey>> {
        let rows = self.store().list_ssh_keys(account, None, MAX_SSH_KEYS.into()).await.map_err(problem)?;
        Ok(rows.iter().map(wire).collect())
    }
}

/// Name and key, or everything that is wrong with them.
fn checked(body: &AddSshKey) -> ApiResult<(String, PublicKey)> {
    let mut findings = Findings::default();
    let name = findings.take("/name", key_name(&body.name));
    let key = findings.take("/public_key", latchkey_ssh::read(&body.public_key).map_err(|refusal| refused(&refusal)));
    match (findings.problem(), name, key) {
        (None, Some(name), Some(key)) => Ok((name, key)),
        (problem, ..) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
    }
}

fn refused(refusal: &Refusal) -> (FieldCode, String) {
    let code = match refusal {
        Refusal::Empty => FieldCode::Blank,
        Refusal::TooLarge => FieldCode::TooLong,
        _ => FieldCode::Invalid,
    };
    (code, refusal.to_string())
}

fn details(name: &str, fingerprint: &str) -> ActivityDetails {
    ActivityDetails { key: Some(name.into()), fingerprint: Some(fingerprint.into()), ..ActivityDetails::default() }
}

/// A fingerprint as people see it.
pub(crate) fn shown(hash: &[u8]) -> String {
    hash.try_into().map(fingerprint::write).unwrap_or_default()
}

/// A key as the wire shows it.
fn wire(row: &latchkey_store::SshKey) -> SshKey {
    SshKey {
        id: row.key_id,
        name: row.name.clone(),
        kind: row.algorithm.clone(),
        bits: u32::try_from(row.bits).unwrap_or_default(),
        fingerprint: shown(&row.fingerprint),
        public_key: row.public_key.clone(),
        added_at: date_time(row.added_at),
        last_used_at: row.last_used_at.map(date_time),
    }
}
