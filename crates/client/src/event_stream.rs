//! Server-sent events (WHATWG HTML, section 9.2), as much of them as the service sends.
//!
//! What a newer service says beyond this program's words is skipped. What is no event stream at all, or a line that does
//! not end, is `not_latchkey`.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::{StreamExt, stream, stream::BoxStream};
use http_body_util::BodyExt;
use latchkey_api::{
    activity::Push,
    problem::{ApiResult, ErrorCode, Problem},
};
use serde_json::Value;

use crate::{answer::trouble, client::Streamed};

/// Bytes of a line, and of an event's data. The longest event of the service has a few hundred.
const LONGEST: usize = 64 * 1024;

/// The pushes in a body. The stream ends with the body, or behind the first problem.
pub(crate) fn read(body: Streamed) -> BoxStream<'static, ApiResult<Push>> {
    let reading = Reading { body, parser: Parser::default(), found: VecDeque::new(), failed: false };
    stream::unfold(reading, Reading::next).boxed()
}

struct Reading {
    body: Streamed,
    parser: Parser,
    found: VecDeque<Push>,
    failed: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(ApiResult<Push>, Self)> {
        loop {
            if let Some(push) = self.found.pop_front() {
                return Some((Ok(push), self));
            }
            if self.failed {
                return None;
            }
            let heard = match self.body.frame().await? {
                Ok(frame) => self.parser.hear(&frame.into_data().unwrap_or_default(), &mut self.found),
                Err(error) => Err(trouble(error)),
            };
            if let Err(problem) = heard {
                self.failed = true;
                return Some((Err(problem), self));
            }
        }
    }
}

/// Takes bytes as they come, and gives whole events.
#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    name: String,
    data: String,
}

impl Parser {
    fn hear(&mut self, bytes: &Bytes, found: &mut VecDeque<Push>) -> ApiResult<()> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.line.len() + piece.len() > LONGEST {
                return Err(stranger());
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                let line = String::from_utf8(std::mem::take(&mut self.line)).map_err(|_| stranger())?;
                found.extend(self.line(line.trim_end_matches(['\r', '\n']))?);
            }
        }
        Ok(())
    }

    fn line(&mut self, line: &str) -> ApiResult<Option<Push>> {
        if line.is_empty() {
            let (name, data) = (std::mem::take(&mut self.name), std::mem::take(&mut self.data));
            return if data.is_empty() { Ok(None) } else { event(&name, &data) };
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => {
                if self.data.len() + value.len() > LONGEST {
                    return Err(stranger());
                }
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            // A comment, or a field that this stream does not use.
            _ => {}
        }
        Ok(None)
    }
}

fn event(name: &str, data: &str) -> ApiResult<Option<Push>> {
    let value: Value = serde_json::from_str(data).map_err(|_| stranger())?;
    match serde_json::from_value::<Push>(value) {
        Ok(push) => Ok((push.name() == name).then_some(push)),
        // Ended, for a reason this program has no word for.
        Err(_) if name == "session.closed" => Ok(Some(Push::SessionClosed { reason: None })),
        Err(_) => Ok(None),
    }
}

fn stranger() -> Problem {
    Problem::new(ErrorCode::NotLatchkey).detail("The answer is no stream of events.")
}

#[cfg(test)]
mod tests {
    use latchkey_api::{activity::Category, problem::CloseReason};

    use super::*;

    /// Heard in pieces of every size, it is the same.
    fn parse(text: &str) -> ApiResult<Vec<Push>> {
        let pieces = |size: usize| {
            let (mut parser, mut found) = (Parser::default(), VecDeque::new());
            for piece in text.as_bytes().chunks(size) {
                parser.hear(&Bytes::copy_from_slice(piece), &mut found)?;
            }
            Ok(Vec::from(found))
        };
        let whole = pieces(text.len().max(1));
        for size in 1..text.len().min(40) {
            assert_eq!(pieces(size), whole, "in pieces of {size}");
        }
        whole
    }

    #[test]
    fn events_are_read_as_the_service_writes_them() {
        let closed = Push::SessionClosed { reason: Some(CloseReason::PasswordChanged) };
        let all = [Push::ActivityNew { category: Category::SignIn }, Push::BackupCodesLow { remaining: 3 }, closed];
        let event =
            |push: &Push| format!("event: {}\ndata: {}\n\n:\n\n", push.name(), serde_json::to_string(push).unwrap());
        let text = format!(": ok\n\n{}", all.iter().map(event).collect::<String>());
        assert_eq!(parse(&text).unwrap(), all);
        assert_eq!(parse(&text.replace('\n', "\r\n")).unwrap(), all);
    }

    #[test]
    fn data_may_have_many_lines_and_an_event_without_its_end_is_none() {
        let low = "event:backup_codes.low\ndata:{\"event\":\"backup_codes.low\",\ndata: \"remaining\":1}\n";
        assert_eq!(parse(&format!("{low}\n")).unwrap(), [Push::BackupCodesLow { remaining: 1 }]);
        assert_eq!(parse(low).unwrap(), []);
    }

    #[test]
    fn what_a_newer_service_says_is_skipped() {
        let text = "event: tea.ready\ndata: {\"event\":\"tea.ready\"}\n\nid: 7\nretry: 10\n\n\
            event: activity.new\ndata: {\"event\":\"activity.new\",\"category\":\"tea\"}\n\n\
            event: session.closed\ndata: {\"event\":\"session.closed\",\"reason\":\"eclipse\"}\n\n";
        assert_eq!(parse(text).unwrap(), [Push::SessionClosed { reason: None }]);
    }

    #[test]
    fn what_is_no_event_stream_is_refused() {
        for text in ["data: {\n\n".to_owned(), "x".repeat(LONGEST + 1), "data: x\n".repeat(LONGEST)] {
            let (mut parser, mut found) = (Parser::default(), VecDeque::new());
            let refused = parser.hear(&text.into(), &mut found).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::NotLatchkey);
        }
    }
}
