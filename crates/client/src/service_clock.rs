//! What time it is at the service, by the `Date` of its answers (RFC 9110 section 6.6.1).

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, header};

/// The clock of a service. A clone is the same clock.
#[derive(Clone, Default)]
pub(crate) struct ServiceClock(Arc<Mutex<Option<Told>>>);

/// The last `Date`.
#[derive(Clone, Copy)]
struct Told {
    date: DateTime<Utc>,
    at: Instant,
}

impl ServiceClock {
    /// Takes the time an answer tells. One without a `Date`, or with something else in it, changes nothing.
    pub(crate) fn hear(&self, headers: &HeaderMap) {
        let told = headers.get(header::DATE).and_then(|value| value.to_str().ok());
        if let Some(date) = told.and_then(|text| DateTime::parse_from_rfc2822(text).ok()) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(Told { date: date.to_utc(), at: Instant::now() });
        }
    }

    /// The time now.
    pub(crate) fn now(&self) -> Option<DateTime<Utc>> {
        let Told { date, at } = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        date.checked_add_signed(TimeDelta::from_std(at.elapsed()).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(date: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::DATE, date.parse().unwrap())])
    }

    #[test]
    fn the_last_answer_tells_the_time_and_it_goes_on_from_there() {
        let clock = ServiceClock::default();
        assert_eq!(clock.now(), None);
        clock.hear(&answer("Sun, 06 Nov 1994 08:49:37 GMT"));
        let told = DateTime::from_timestamp(784_111_777, 0).unwrap();
        let (first, second) = (clock.now().unwrap(), clock.clone().now().unwrap());
        assert!(told <= first && first <= second);
        clock.hear(&answer("Tue, 08 Nov 1994 08:49:37 GMT"));
        assert!(clock.now().unwrap() >= told + TimeDelta::days(2));
    }

    #[test]
    fn what_is_no_date_changes_nothing() {
        let clock = ServiceClock::default();
        for other in ["", "soon", "1994-11-06T08:49:37Z", "784111777"] {
            clock.hear(&answer(other));
            assert_eq!(clock.now(), None, "{other}");
        }
        clock.hear(&HeaderMap::new());
        assert_eq!(clock.now(), None);
    }
}
