//! Doors for the fuzz targets of `crates/fuzzing` to what reads answers here. They are there with the feature `fuzzing`
//! alone, which no program has.

use http::{HeaderMap, HeaderValue, StatusCode, header};
use latchkey_api::instance::Provider;
use latchkey_service::{ProviderError, Tokens};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    challenge,
    http_client::Answer,
    oauth, registry,
    token_answer::{self, TokenAnswer},
};

/// A way to sign in that a server names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// In lower case.
    pub scheme: String,
    /// Names in lower case, and values without quotes.
    pub parameters: Vec<(String, String)>,
    /// Where a registry has people sign in, as far as this names such an address.
    pub realm: Option<Url>,
}

/// The challenges in the fields of an answer. A field that no HTTP client lets through is left out.
pub fn challenges<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> Vec<Challenge> {
    let mut headers = HeaderMap::new();
    for value in fields.into_iter().filter_map(|field| HeaderValue::from_bytes(field).ok()) {
        headers.append(header::WWW_AUTHENTICATE, value);
    }
    let found = challenge::challenges(&headers).into_iter();
    found
        .map(|challenge| Challenge {
            realm: registry::realm(&challenge),
            scheme: challenge.scheme,
            parameters: challenge.parameters,
        })
        .collect()
}

/// The tokens in an answer with that status.
pub fn tokens(status: StatusCode, body: &[u8], provider: Provider) -> Result<Tokens, ProviderError> {
    let answer = Answer { status, headers: HeaderMap::new(), body: Zeroizing::new(body.to_vec()) };
    let answer: TokenAnswer = oauth::read(&answer)?;
    answer.check(provider)
}

/// The scopes in a text.
pub fn scopes(text: &str, provider: Provider) -> Vec<String> {
    token_answer::scopes(text, provider)
}
