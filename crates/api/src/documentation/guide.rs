//! What holds for all endpoints, and the doors that others drew: the registry's and that of `sshd`.

use super::{
    Passage, Topic,
    curl::quoted,
    examples::{PROBLEM, examples},
};
use crate::{
    activity::STREAM_EVENTS,
    api_keys::{DEFAULT_DAYS, ENDING_SOON_DAYS},
    registry::{REGISTRY_TOKEN_PATH, REGISTRY_TOKEN_SECONDS},
};

/// All topics, in the order they are read, with lines for a server.
pub(super) fn topics(origin: &str) -> Vec<Topic> {
    vec![
        authentication(origin),
        scopes(),
        bodies(),
        errors(),
        pages(origin),
        versions(origin),
        rate_limits(),
        stream(origin),
        registry(origin),
        sshd(origin),
    ]
}

fn topic(id: &'static str, title: &'static str, passages: Vec<Passage>) -> Topic {
    Topic { id, title, passages }
}

fn prose(text: impl Into<String>) -> Passage {
    Passage::Prose(text.into())
}

fn code(text: impl Into<String>) -> Passage {
    Passage::Code(text.into())
}

fn authentication(origin: &str) -> Topic {
    topic(
        "authentication",
        "Your key",
        vec![
            prose(
                "A script signs in with an API key: the personal one (`lk_…`), or a named one (`lkt_…`). Both come from \
                 the page API keys of the app. The lines on this page take it from the environment:",
            ),
            code("export LATCHKEY_KEY='lk_…'"),
            prose("It goes into the header `Authorization`, as in this first call:"),
            code(format!(
                "curl {} \\\n  -H \"Authorization: Bearer $LATCHKEY_KEY\"",
                quoted(&format!("{origin}/v1/me"))
            )),
            prose(
                "What makes or shows credentials, or asks for a fresh proof, is for sessions alone. Those lines take a \
                 session token (`lks_…`) from `LATCHKEY_SESSION`; `POST /v1/sessions` answers one.",
            ),
        ],
    )
}

fn scopes() -> Topic {
    topic(
        "scopes",
        "Scopes and expiry",
        vec![
            prose(
                "A named key has the scope `api` for the endpoints on this page, the scope `registry` for the container \
                 registry, or both. The personal key has the scope `api`. Without the scope the answer is 403 \
                 `insufficient_scope`.",
            ),
            prose(format!(
                "A named key lasts {DEFAULT_DAYS} days where nothing is said; in the app it is marked \
                 {ENDING_SOON_DAYS} days before its end. After that the answer is 401 `api_key_expired`. A key that was \
                 deleted or replaced fails at once with 401 `unauthenticated`.",
            )),
        ],
    )
}

fn bodies() -> Topic {
    topic(
        "bodies",
        "Requests and answers",
        vec![
            prose(
                "Bodies are JSON in UTF-8 unless said otherwise. Unknown fields and parameters are refused, so that a \
                 slip of the pen is noticed. Times are UTC (RFC 3339). An answer may have more fields in the future.",
            ),
            prose("Every answer has an `X-Request-Id`: quote it when you ask the System Administrator."),
        ],
    )
}

fn errors() -> Topic {
    let refused = examples().get(PROBLEM).map(|example| example.response.body.clone()).unwrap_or_default();
    topic(
        "errors",
        "Errors",
        vec![
            prose(
                "An error is `application/problem+json` (RFC 9457). Decide by `code`; `detail` is for people, and \
                 `errors` points at bad fields of the body by JSON pointer (RFC 6901).",
            ),
            code(refused.join("\n")),
            prose("A newer server may know more codes: treat one you do not know by its status."),
        ],
    )
}

fn pages(origin: &str) -> Topic {
    topic(
        "pages",
        "Pages of a list",
        vec![
            prose(
                "A list answers `items` and `next`. While `next` is not null, send it as `after` for the next page; \
                 `limit` says how many rows a page has, 1 to 100.",
            ),
            code(format!(
                "curl {} \\\n  -H \"Authorization: Bearer $LATCHKEY_KEY\"",
                quoted(&format!("{origin}/v1/me/ssh-keys?limit=50&after=…"))
            )),
        ],
    )
}

fn versions(origin: &str) -> Topic {
    let me = quoted(&format!("{origin}/v1/me"));
    topic(
        "versions",
        "ETag and If-Match",
        vec![
            prose(
                "The profile is answered with an `ETag`. A change names the version it was made on in `If-Match`: where \
                 somebody was quicker the answer is 412 `stale`, and without the header it is 428 \
                 `precondition_required`. Read again, and decide again.",
            ),
            code(format!(
                "etag=$(curl -s -o /dev/null -w '%header{{etag}}' {me} \\\n  -H \"Authorization: Bearer \
                 $LATCHKEY_KEY\")\ncurl -X PATCH {me} \\\n  -H \"Authorization: Bearer $LATCHKEY_KEY\" \\\n  -H \
                 \"If-Match: $etag\" \\\n  -H 'Content-Type: application/merge-patch+json' \\\n  -d '{{\"location\": \
                 \"Oslo\"}}'"
            )),
            prose(
                "What was read with an `ETag` can be asked for again with `If-None-Match`: the answer is 304 without a \
                 body while nothing has changed.",
            ),
        ],
    )
}

fn rate_limits() -> Topic {
    topic(
        "rate-limits",
        "Rate limits",
        vec![
            prose(
                "Each key may make so many requests a minute. Every answer to a key says how many, and how many are \
                 left: `q` requests in a window of `w` seconds, `r` of them now, and `t` seconds until there are more.",
            ),
            code("RateLimit-Policy: \"key\";q=600;w=60\nRateLimit: \"key\";r=598;t=1"),
            prose(
                "Beyond that the answer is 429 `too_many_requests`, with the seconds to wait in `Retry-After`. Guessing \
                 passwords and codes is slowed down in the same way.",
            ),
        ],
    )
}

fn stream(origin: &str) -> Topic {
    topic(
        "stream",
        "Hearing what happens",
        vec![
            prose(format!(
                "`GET {}` is answered with server-sent events that go on until the session ends: `session.closed`, \
                 `sign_in.new`, `backup_codes.low` and `activity.new`, each with its `Push` as JSON. A session token \
                 is needed.",
                STREAM_EVENTS.meta.path
            )),
            code(format!(
                "curl -N {} \\\n  -H \"Authorization: Bearer $LATCHKEY_SESSION\"",
                quoted(&format!("{origin}{}", STREAM_EVENTS.meta.path))
            )),
        ],
    )
}

fn registry(origin: &str) -> Topic {
    let url = quoted(&format!("{origin}{REGISTRY_TOKEN_PATH}?service=registry&scope=repository:ada/hello:pull,push"));
    topic(
        "registry",
        "Container registry",
        vec![
            prose(
                "Where a registry belongs to the service, `docker login` takes your user name and, as the password, a \
                 named key with the scope `registry`. Everybody may pull and push below their own name.",
            ),
            code("printf %s \"$LATCHKEY_KEY\" | docker login --username ada --password-stdin registry.example.org"),
            prose(format!(
                "Behind it, clients ask `GET` or `POST {REGISTRY_TOKEN_PATH}` for a token (CNCF distribution, token \
                 authentication), which lasts {} minutes. What it allows is what was asked for and is allowed; that may \
                 be nothing.",
                REGISTRY_TOKEN_SECONDS / 60
            )),
            code(format!("curl -u \"ada:$LATCHKEY_KEY\" {url}")),
        ],
    )
}

fn sshd(origin: &str) -> Topic {
    topic(
        "sshd",
        "SSH keys for a machine",
        vec![
            prose(
                "`GET /v1/users/{username}/keys` answers somebody's SSH keys as a list that `sshd` reads, one a line. \
                 With `fingerprint` it answers that key alone, which counts as used then. Public keys are no secret: no \
                 key is needed to read them. In `/etc/ssh/sshd_config`:",
            ),
            code("AuthorizedKeysCommand /usr/local/bin/latchkey-keys %u %f\nAuthorizedKeysCommandUser nobody"),
            prose("And `/usr/local/bin/latchkey-keys`, which belongs to root and nobody else may write:"),
            code(format!(
                "#!/bin/sh\nexec curl -fsS --max-time 5 -G {} \\\n  --data-urlencode \"fingerprint=$2\"",
                // The user name is one sshd knows: a system account's.
                format_args!("\"{origin}/v1/users/$1/keys\"")
            )),
        ],
    )
}
