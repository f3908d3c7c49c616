//! Questions to a provider's REST API, in the name of a person.

use http::{HeaderMap, HeaderValue, Method, header};
use latchkey_api::wire::Secret;
use latchkey_service::ProviderError;
use reqwest::Request;
use serde::de::DeserializeOwned;
use url::Url;

use crate::{
    outbound::Outbound,
    provider_errors::{status, strange},
};

/// The media type of what is sent.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Bytes of an answer about one thing that are read.
pub(crate) const ONE: usize = 256 * 1024;

/// Bytes of a page that are read: 100 repositories at GitHub are up to 1.5 MiB where all of their names are long.
pub(crate) const PAGE: usize = 4 * 1024 * 1024;

/// What was answered, and what stood above it.
pub(crate) struct Told<T> {
    pub(crate) value: T,
    pub(crate) headers: HeaderMap,
}

impl Outbound {
    /// Gets something.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        token: &Secret,
        headers: &[(&'static str, &'static str)],
        most: usize,
    ) -> Result<Told<T>, ProviderError> {
        let mut request = request(Method::GET, url, headers)?;
        let authorization = sensitive(&format!("Bearer {}", token.expose()))?;
        request.headers_mut().insert(header::AUTHORIZATION, authorization);
        let answer = self.send(request, most).await?;
        if !answer.status.is_success() {
            return Err(status(answer.status, &answer.headers));
        }
        let value = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
        Ok(Told { value, headers: answer.headers })
    }
}

pub(crate) fn request(
    method: Method,
    url: &str,
    headers: &[(&'static str, &'static str)],
) -> Result<Request, ProviderError> {
    let url = Url::parse(url).map_err(|_| ProviderError::Unreachable("the address is none".into()))?;
    let mut request = Request::new(method, url);
    for (name, value) in headers {
        request.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    Ok(request)
}

/// A header that is not shown, and not kept in tables of compression.
pub(crate) fn sensitive(text: &str) -> Result<HeaderValue, ProviderError> {
    let mut value =
        HeaderValue::from_str(text).map_err(|_| ProviderError::Refused("it does not fit in a header".into()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether another page follows this one (RFC 8288).
pub(crate) fn has_next(headers: &HeaderMap) -> bool {
    let links = headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|line| line.split(',')).any(|link| {
        link.split(';').skip(1).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("rel")
                && value.trim().trim_matches('"').split_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_the_links() {
        for (text, next) in [
            (r#"<https://a.org/?page=2>; rel="next", <https://a.org/?page=5>; rel="last""#, true),
            (r#"<https://a.org/?page=1>; rel="prev first""#, false),
            (r"<https://a.org/?rel=next>; rel=last", false),
            (r#"<https://a.org/?page=2&rel="next">; Rel = "prev Next""#, true),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::LINK, HeaderValue::from_str(text).unwrap())]);
            assert_eq!(has_next(&headers), next, "{text}");
        }
        assert!(!has_next(&HeaderMap::new()));
    }
}
