//! A notice as it is written.

use latchkey_api::{
    activity::{Category, Push},
    problem::CloseReason,
};
use latchkey_store::{ApiKeyId, NOTICE_BYTES};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base62;

/// What one node tells the others. A kind that a node does not know is no notice for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Notice {
    /// Something happened on an account.
    News {
        account: Uuid,
        /// The session that did it.
        except: Option<Uuid>,
        news: News,
    },
    /// A session has ended.
    Ended { account: Uuid, session: Uuid, reason: CloseReason },
    /// All sessions of an account have ended, but for one.
    AllEnded { account: Uuid, keep: Option<Uuid>, reason: CloseReason },
    /// How often API keys were used since the last time.
    KeysUsed { keys: Vec<KeyUsed> },
    /// Policies were changed.
    Policies,
    /// A key of registry tokens was made or removed.
    SigningKeys,
    /// Something happened that could not be told.
    Untold,
    /// Whoever tells this wants to hear it: it shows that notices come through.
    Beat { number: u64 },
}

/// A [`Push`] without what is in the database: devices and addresses are read there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum News {
    SignedIn { session: Uuid },
    BackupCodesLow { remaining: u32 },
    Activity { category: Category },
}

/// An API key and how often it was used, as in `1B…:17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct KeyUsed {
    pub(crate) key: ApiKeyId,
    pub(crate) times: u32,
}

/// Keys in one notice: each takes 36 bytes at most with its quotes and its comma.
pub(crate) const KEYS_IN_A_NOTICE: usize = (NOTICE_BYTES - 100) / 36;

impl News {
    pub(crate) fn of(push: &Push) -> Option<Self> {
        match *push {
            Push::SignInNew { session_id, .. } => Some(Self::SignedIn { session: session_id }),
            Push::BackupCodesLow { remaining } => Some(Self::BackupCodesLow { remaining }),
            Push::ActivityNew { category } => Some(Self::Activity { category }),
            // Has notices of its own.
            Push::SessionClosed { .. } => None,
        }
    }
}

impl From<KeyUsed> for String {
    fn from(used: KeyUsed) -> Self {
        let key = base62::encode::<22>(used.key.0.as_u128());
        format!("{}:{}", key.map(char::from).iter().collect::<Self>(), used.times)
    }
}

impl TryFrom<String> for KeyUsed {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let read = text.split_once(':').and_then(|(key, times)| {
            let key = ApiKeyId(Uuid::from_u128(base62::decode(key.as_bytes())?));
            Some(Self { key, times: times.parse().ok()? })
        });
        read.ok_or("this is no use of a key")
    }
}

/// A notice with the name of the node that tells it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Envelope<T> {
    from: String,
    #[serde(flatten)]
    notice: T,
}

impl Envelope<Notice> {
    pub(crate) fn write(from: &str, notice: &Notice) -> Option<String> {
        let text = serde_json::to_string(&Envelope { from: from.to_owned(), notice }).ok()?;
        (text.len() <= NOTICE_BYTES).then_some(text)
    }

    /// Who tells it, and what. `None` for what this version cannot read.
    pub(crate) fn read(text: &str) -> Option<(String, Notice)> {
        let read: Self = serde_json::from_str(text).ok()?;
        Some((read.from, read.notice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn notices_come_back_as_they_were_told_and_have_nothing_but_ids_and_kinds() {
        let push = Push::SignInNew {
            session_id: id(3),
            device: Some("Firefox on Linux".into()),
            ip_address: Some("192.0.2.7".into()),
        };
        let notice = Notice::News { account: id(1), except: Some(id(2)), news: News::of(&push).unwrap() };
        let text = Envelope::write("a", &notice).unwrap();
        assert_eq!(
            text,
            "{\"from\":\"a\",\"kind\":\"news\",\"account\":\"00000000-0000-0000-0000-000000000001\",\
             \"except\":\"00000000-0000-0000-0000-000000000002\",\
             \"news\":{\"signed_in\":{\"session\":\"00000000-0000-0000-0000-000000000003\"}}}"
        );
        for notice in [
            notice,
            Notice::News { account: id(1), except: None, news: News::Activity { category: Category::SshKeys } },
            Notice::News { account: id(1), except: None, news: News::BackupCodesLow { remaining: 2 } },
            Notice::Ended { account: id(1), session: id(2), reason: CloseReason::SignedOut },
            Notice::AllEnded { account: id(1), keep: None, reason: CloseReason::AccountDeleted },
            Notice::KeysUsed { keys: vec![KeyUsed { key: ApiKeyId(id(u128::MAX)), times: 17 }] },
            Notice::Policies,
            Notice::SigningKeys,
            Notice::Untold,
            Notice::Beat { number: u64::MAX },
        ] {
            let read = Envelope::read(&Envelope::write("node", &notice).unwrap()).unwrap();
            assert_eq!(read, ("node".to_owned(), notice));
        }
    }

    #[test]
    fn the_longest_notice_fits() {
        let keys = vec![KeyUsed { key: ApiKeyId(id(u128::MAX)), times: u32::MAX }; KEYS_IN_A_NOTICE];
        let text = Envelope::write("0123456789abcdef", &Notice::KeysUsed { keys }).unwrap();
        assert!(text.len() > NOTICE_BYTES - 200, "{}", text.len());
    }

    #[test]
    fn what_is_no_notice_is_read_as_none() {
        for text in [
            "",
            "{}",
            "beat",
            r#"{"from":"a","kind":"of tomorrow"}"#,
            r#"{"from":"a","kind":"ended","account":"1"}"#,
            r#"{"from":"a","kind":"keys_used","keys":["1"]}"#,
            r#"{"from":"a","kind":"keys_used","keys":["!!!!:1"]}"#,
            r#"{"kind":"policies"}"#,
        ] {
            assert!(Envelope::read(text).is_none(), "{text}");
        }
        let more = r#"{"from":"a","kind":"policies","and":"more"}"#;
        assert_eq!(Envelope::read(more), Some(("a".into(), Notice::Policies)), "from a version that says more");
    }
}
