//! Questions to an OAuth 2.0 server: forms out, JSON back (RFC 6749, RFC 8628, RFC 7009).

use http::{HeaderValue, Method, header};
use latchkey_api::wire::Secret;
use latchkey_service::{AuthorizationRequest, ProviderError, ProviderSettings, Tokens};
use reqwest::Request;
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded};

use crate::{
    endpoints::Endpoints,
    http_client::Answer,
    outbound::Outbound,
    provider_errors::{is_code, refusal, status, strange},
    token_answer::TokenAnswer,
};

/// Bytes of an answer that are read.
const MOST: usize = 64 * 1024;

/// An answer that is not the one that was asked for.
pub(crate) enum Refusal {
    /// An error code, as it came.
    Code(String),
    /// Anything else.
    Other(ProviderError),
}

impl From<Refusal> for ProviderError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Code(code) => self::refusal(&code),
            Refusal::Other(error) => error,
        }
    }
}

/// The form of a request: the client's id, its secret where there is one (RFC 6749 section 2.3.1), and the rest.
pub(crate) fn form(at: &ProviderSettings, rest: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("client_id", &at.client_id);
    if let Some(secret) = &at.client_secret {
        form.append_pair("client_secret", secret.expose());
    }
    form.extend_pairs(rest);
    form.finish()
}

impl Outbound {
    /// Sends a form, and reads what it is answered.
    pub(crate) async fn post<T: DeserializeOwned>(&self, url: &str, form: String) -> Result<T, Refusal> {
        read(&self.post_form(url, form).await.map_err(Refusal::Other)?)
    }

    /// Sends a form.
    pub(crate) async fn post_form(&self, url: &str, form: String) -> Result<Answer, ProviderError> {
        let url = Url::parse(url).map_err(|_| ProviderError::Unreachable("the address is none".into()))?;
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        *request.body_mut() = Some(form.into());
        Ok(self.send(request, MOST).await?)
    }

    /// Asks for tokens.
    pub(crate) async fn tokens(&self, at: &ProviderSettings, grant: &[(&str, &str)]) -> Result<Tokens, Refusal> {
        let answer: Result<TokenAnswer, Refusal> = self.post(&Endpoints::of(at).token, form(at, grant)).await;
        let answer = answer.map_err(|refusal| of_the_client(at, refusal))?;
        answer.check(at.provider).map_err(Refusal::Other)
    }

    /// Exchanges an authorisation code (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
    pub(crate) async fn code_tokens(
        &self,
        at: &ProviderSettings,
        code: &Secret,
        verifier: &Secret,
        redirect_uri: &str,
    ) -> Result<Tokens, ProviderError> {
        let grant = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier.expose()),
        ];
        Ok(self.tokens(at, &grant).await?)
    }

    /// Gets new tokens (RFC 6749 section 6).
    pub(crate) async fn fresh_tokens(&self, at: &ProviderSettings, token: &Secret) -> Result<Tokens, ProviderError> {
        Ok(self.tokens(at, &[("grant_type", "refresh_token"), ("refresh_token", token.expose())]).await?)
    }
}

/// Where the browser is sent (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
pub(crate) fn authorization_url(at: &ProviderSettings, request: &AuthorizationRequest<'_>) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("response_type", "code")
        .append_pair("client_id", &at.client_id)
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("scope", &at.scopes.join(" "))
        .append_pair("state", request.state)
        .append_pair("code_challenge", request.code_challenge)
        .append_pair("code_challenge_method", "S256")
        .finish();
    format!("{}?{query}", Endpoints::of(at).authorize)
}

/// RFC 6749 section 5.2. GitHub answers it with status 200.
#[derive(Deserialize)]
struct ErrorAnswer {
    error: Option<String>,
}

/// A refusal of the client, whatever the grant: its id or secret is wrong, or it may not do this any more. That is the
/// administrator's to mend, and says nothing about what a person granted: to them it is as if nobody answered.
fn of_the_client(at: &ProviderSettings, refusal: Refusal) -> Refusal {
    match refusal {
        // GitHub has words of its own for `invalid_client`.
        Refusal::Code(code)
            if matches!(code.as_str(), "invalid_client" | "unauthorized_client" | "incorrect_client_credentials") =>
        {
            tracing::error!(
                provider = %at.url,
                %code,
                "a provider does not take the client that is configured: look at its client_id and client_secret"
            );
            Refusal::Other(ProviderError::Unreachable(code))
        }
        other => other,
    }
}

/// Reads an answer. No error repeats a part of it: `serde_json` would quote what it found.
pub(crate) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, Refusal> {
    if let Ok(ErrorAnswer { error: Some(code) }) = serde_json::from_slice(&answer.body)
        && is_code(&code)
        && !answer.status.is_server_error()
    {
        return Err(Refusal::Code(code));
    }
    if answer.status.is_success() {
        return serde_json::from_slice(&answer.body).map_err(|_| Refusal::Other(strange()));
    }
    Err(Refusal::Other(match status(answer.status, &answer.headers) {
        // The client was refused; no token was shown that could be bad.
        ProviderError::Revoked(said) => ProviderError::Refused(said),
        other => other,
    }))
}
