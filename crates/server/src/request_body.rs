//! Reads a request body: no more than it may be, no longer than it may take.

use std::{pin::pin, time::Duration};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body::Body as _;
use http_body_util::BodyExt;
use latchkey_api::problem::{ErrorCode, Problem};
use tokio::time::{Instant, timeout, timeout_at};

use crate::limits::Limits;

/// Bytes and time that a refused body is still listened to; see [`let_go`].
const LISTEN_BYTES: usize = 64 * 1024 * 1024;
const LISTEN_TIME: Duration = Duration::from_secs(5);

/// The whole body. One that says or shows that it is larger than `largest` bytes is not kept.
pub(crate) async fn read(
    headers: &HeaderMap,
    mut body: Body,
    largest: usize,
    limits: &Limits,
) -> Result<Bytes, Problem> {
    if body.size_hint().lower() > largest as u64 {
        let_go(headers, body);
        return Err(too_large(largest));
    }
    let ends = Instant::now() + limits.body;
    let mut whole = BytesMut::new();
    loop {
        let Ok(Ok(piece)) = timeout_at(ends, timeout(limits.body_pause, body.frame())).await else {
            return Err(Problem::new(ErrorCode::InvalidBody).detail("The body did not arrive in time."));
        };
        let Some(frame) = piece else { return Ok(whole.freeze()) };
        let frame = frame.map_err(|_| Problem::new(ErrorCode::InvalidBody).detail("The body ended too early."))?;
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > largest {
            let_go(headers, body);
            return Err(too_large(largest));
        }
        whole.extend_from_slice(&data);
    }
}

fn too_large(largest: usize) -> Problem {
    if largest == 0 {
        return Problem::new(ErrorCode::InvalidBody).detail("No body is expected here.");
    }
    Problem::new(ErrorCode::BodyTooLarge).detail(format!("At most {largest} bytes are taken here."))
}

/// Reads on for a moment, and forgets.
///
/// A connection that is closed while its client still writes is reset, and the client may lose the answer that says
/// why. A client that waits for `100 Continue` does not write yet; listening would invite it to.
pub(crate) fn let_go(headers: &HeaderMap, body: Body) {
    if body.is_end_stream() || headers.contains_key(header::EXPECT) {
        return;
    }
    tokio::spawn(async move {
        let mut body = pin!(body);
        let mut heard = 0;
        let listen = async {
            while let Some(Ok(frame)) = body.frame().await {
                heard += frame.data_ref().map_or(0, Bytes::len);
                if heard > LISTEN_BYTES {
                    break;
                }
            }
        };
        let _ = timeout(LISTEN_TIME, listen).await;
    });
}
