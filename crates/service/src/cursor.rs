//! Pages of a list that is ordered by time: how many rows, and places as they are answered in `next` and come back in
//! `after`.

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_store::Micros;
use uuid::Uuid;

/// Rows of a page where the caller does not say.
const ROWS: u8 = 50;

/// Rows of a page, as the caller wishes. Answers `invalid_parameter` where these are not 1 to 100.
pub(crate) fn rows(wished: Option<u8>) -> ApiResult<u8> {
    let rows = wished.unwrap_or(ROWS);
    if (1..=100).contains(&rows) {
        return Ok(rows);
    }
    Err(Problem::new(ErrorCode::InvalidParameter).detail("limit is 1 to 100"))
}

/// The rows of a page, of which one more was read than it has, and the place behind the last one where there are more.
pub(crate) fn page<T>(mut read: Vec<T>, rows: u8, place: impl Fn(&T) -> (Micros, Uuid)) -> (Vec<T>, Option<String>) {
    let more = read.len() > usize::from(rows);
    read.truncate(rows.into());
    let next = read.last().filter(|_| more).map(|row| {
        let (at, id) = place(row);
        write(at, id)
    });
    (read, next)
}

/// The place behind a row.
fn write(at: Micros, id: Uuid) -> String {
    format!("{:x}.{}", at.0, id.simple())
}

/// Reads what [`write`] wrote, and nothing else: the pattern of `PageQuery::after` says the same.
pub(crate) fn read(text: &str) -> ApiResult<(Micros, Uuid)> {
    let hex = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let read = || {
        let (at, id) = text.split_once('.').filter(|(at, id)| hex(at) && hex(id) && at.len() < 16 && id.len() == 32)?;
        Some((Micros(i64::from_str_radix(at, 16).ok()?), Uuid::parse_str(id).ok()?))
    };
    read().ok_or_else(|| Problem::new(ErrorCode::InvalidParameter).detail("after is the next of the page before"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let (at, id) = (Micros(1_768_219_200_000_000), Uuid::from_u128(7));
        let text = write(at, id);
        assert_eq!(read(&text).unwrap(), (at, id));
        let hyphenated = format!("{:x}.{id}", at.0);
        for bad in ["", ".", "6", &text.to_uppercase(), &format!("+{text}"), &format!("-{text}"), &hyphenated] {
            assert_eq!(read(bad).unwrap_err().code(), ErrorCode::InvalidParameter, "{bad}");
        }
    }
}
