//! Where one message ends and the next one begins (RFC 9112 section 6): what a proxy in front could read otherwise.

use latchkey_server::{Connections, Limits};

use crate::{
    toy::toy,
    wire::{exchange, listen},
};

/// The next request on the connection, which closes it.
const NEXT: &str = "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// What is answered to a request with these fields and this body, and the next one behind it: the statuses.
async fn statuses(fields: &str, body: &str) -> Vec<String> {
    let address = listen(toy(), Limits::default(), Connections::default()).await;
    let request = format!("POST /v1/sessions HTTP/1.1\r\nHost: x\r\n{fields}\r\n{body}{NEXT}");
    let answers = exchange(address, request.as_bytes()).await;
    answers.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).map(|rest| rest[..3].to_owned()).collect()
}

#[tokio::test]
async fn chunks_end_a_body_whatever_its_length_is_said_to_be() {
    for length in [0, 5, 7, 500] {
        let both = format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n");
        let other_way = format!("Transfer-Encoding: chunked\r\nContent-Length: {length}\r\n");
        for fields in [both, other_way] {
            // Whoever went by the length would take the next request for a part of the body, or a part of the body for one.
            let hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n";
            let chunked = format!("{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len());
            for body in ["0\r\n\r\n", chunked.as_str()] {
                let found = statuses(&fields, body).await;
                let read_by_chunks = found == ["415", "200"];
                let refused = matches!(&found[..], [one] if one == "400" || one == "415");
                assert!(read_by_chunks || refused, "{fields:?} {body:?}: {found:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_says_two_things_about_its_end_is_refused() {
    for fields in [
        "Content-Length: 0\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n",
        "Content-Length: 0, 5\r\n",
        "Content-Length: +0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x0\r\n",
        "Content-Length: \r\n",
        "Content-Length : 0\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 0\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\x0bchunked\r\n",
    ] {
        assert_eq!(statuses(fields, "").await, ["400"], "{fields:?}");
    }
    for chunks in ["-1\r\n\r\n", "0x1\r\na\r\n0\r\n\r\n", "fffffffffffffffff\r\n", "1\r\nab\r\n0\r\n\r\n"] {
        let found = statuses("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n", chunks).await;
        assert!(matches!(&found[..], [one] if one == "400"), "{chunks:?}: {found:?}");
    }
}
