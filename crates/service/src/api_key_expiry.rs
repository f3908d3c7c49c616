//! When a new API key ends: as it was asked for, within what the policy allows.

use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use latchkey_api::{
    api_keys::{CreateApiKey, DEFAULT_DAYS},
    problem::FieldCode,
};
use latchkey_store::Micros;

const DAY: Duration = Duration::from_hours(24);

/// By how much a clock may be ahead that said when a key shall end.
const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// The last year that RFC 3339 can write.
const LAST_YEAR: i32 = 9999;

/// When a key is to end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// Nothing was said.
    Usual,
    Never,
    On(DateTime<Utc>),
}

impl End {
    /// What was asked for.
    pub(crate) fn asked_for(body: &CreateApiKey) -> Self {
        match body.expires_at {
            None => Self::Usual,
            Some(None) => Self::Never,
            Some(Some(date)) => Self::On(date),
        }
    }

    /// As it was asked for, or after the usual time, within what the policy allows.
    pub(crate) fn check(self, max_days: Option<u32>, now: Micros) -> Result<Option<Micros>, (FieldCode, String)> {
        let refuse = |detail: String| Err((FieldCode::Invalid, detail));
        let latest = max_days.map(|days| now.saturating_add(days * DAY));
        let allowed = || format!("Choose a date within {} days.", max_days.unwrap_or_default());
        let date = match (self, latest) {
            (Self::Usual, _) => {
                let days = max_days.map_or(DEFAULT_DAYS, |most| most.min(DEFAULT_DAYS));
                return Ok(Some(now.saturating_add(days * DAY)));
            }
            (Self::Never, None) => return Ok(None),
            (Self::Never, Some(_)) => return refuse(format!("Every key ends on this server. {}", allowed())),
            (Self::On(date), _) => date,
        };
        let end = Micros(date.timestamp_micros());
        if end <= now {
            return refuse("Choose a date in the future.".into());
        }
        match latest {
            Some(latest) if end > latest.saturating_add(CLOCKS_DIFFER) => refuse(allowed()),
            Some(latest) => Ok(Some(end.min(latest))),
            None if date.year() > LAST_YEAR => refuse("Choose an earlier date, or let the key never end.".into()),
            None => Ok(Some(end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::date_time;

    const NOW: Micros = Micros(1_768_219_200_000_000);

    fn days(days: u32) -> Micros {
        NOW.saturating_add(days * DAY)
    }

    fn on(at: Micros) -> End {
        End::On(date_time(at))
    }

    #[test]
    fn a_key_ends_when_it_was_asked_for_within_the_policy() {
        for (asked, max_days, expected) in [
            (End::Usual, None, Some(days(90))),
            (End::Usual, Some(30), Some(days(30))),
            (End::Usual, Some(365), Some(days(90))),
            (End::Never, None, None),
            (on(days(7)), None, Some(days(7))),
            (on(days(7)), Some(7), Some(days(7))),
            (on(days(7).saturating_add(CLOCKS_DIFFER)), Some(7), Some(days(7))),
            (on(days(36_500)), None, Some(days(36_500))),
        ] {
            assert_eq!(asked.check(max_days, NOW), Ok(expected), "{asked:?} within {max_days:?}");
        }
        for (asked, max_days, words) in [
            (End::Never, Some(30), "within 30 days"),
            (on(days(8)), Some(7), "within 7 days"),
            (on(NOW), None, "in the future"),
            (on(NOW.saturating_sub(DAY)), Some(7), "in the future"),
            (on(days(3_000_000)), None, "earlier date"),
        ] {
            let (code, detail) = asked.check(max_days, NOW).unwrap_err();
            assert_eq!(code, FieldCode::Invalid);
            assert!(detail.contains(words), "{asked:?} within {max_days:?}: {detail}");
        }
    }
}
