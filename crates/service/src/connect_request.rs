//! What somebody asks for who wants to connect an account at a provider, checked.

use latchkey_api::{
    instance::Provider,
    integrations::*,
    problem::{ApiResult, ErrorCode, FieldCode, Problem},
};
use latchkey_store::{AccountId, Integration};
use uuid::Uuid;

use crate::{
    error::problem,
    identity_rules::Findings,
    integration_providers::{called, word},
    providers::ProviderSettings,
    service::Service,
};

/// What was asked for, checked.
pub(crate) struct Asked {
    pub(crate) at: ProviderSettings,
    pub(crate) method: ConnectMethod,
    pub(crate) redirect_uri: String,
    pub(crate) reconnect: Option<Uuid>,
}

impl Service {
    pub(crate) async fn asked(&self, account: AccountId, provider: Provider, body: &Connect) -> ApiResult<Asked> {
        let settings = self.settings();
        let hosts: Vec<_> = settings.integrations.iter().filter(|at| at.provider == provider).collect();
        if hosts.is_empty() {
            return Err(Problem::new(ErrorCode::NotFound));
        }
        let rows = self.store().list_integrations(account).await.map_err(problem)?;
        if body.reconnect.is_none() && rows.len() >= MAX_INTEGRATIONS as usize {
            return Err(full());
        }
        let mut findings = Findings::default();
        let known = findings.take("/reconnect", known(&rows, provider, body.reconnect));
        let host = body.host.as_deref().or(known.flatten().map(|row| &*row.host));
        let at = findings.take("/host", chosen(&hosts, host));
        if let (Some(at), Some(Some(known))) = (at, known)
            && known.host != at.host()
        {
            findings.add("/reconnect", FieldCode::Invalid, "This connection is with another host.");
        }
        if let Some(at) = at
            && !at.methods().contains(&body.method)
        {
            let name = called(provider, at.host());
            let detail = format!("{name} is connected with a device code here. Use the method device.");
            findings.add("/method", FieldCode::Invalid, detail);
        }
        let redirect_uri = findings.take("/redirect_uri", redirect_uri(body.method, body.redirect_uri.as_deref()));
        match (findings.problem(), at, redirect_uri) {
            (None, Some(at), Some(redirect_uri)) => {
                let redirect_uri = redirect_uri.unwrap_or_default().to_owned();
                Ok(Asked { at: at.clone(), method: body.method, redirect_uri, reconnect: body.reconnect })
            }
            (problem, ..) => Err(problem.unwrap_or_else(|| Problem::new(ErrorCode::Internal))),
        }
    }
}

/// The connection that is to work again.
fn known(
    rows: &[Integration],
    provider: Provider,
    reconnect: Option<Uuid>,
) -> Result<Option<&Integration>, (FieldCode, String)> {
    let Some(id) = reconnect else { return Ok(None) };
    let found = rows.iter().find(|row| row.integration_id == id && row.provider == word(provider));
    let refused = || (FieldCode::Invalid, "There is no such connection with this provider.".to_owned());
    found.map(Some).ok_or_else(refused)
}

/// The host that is meant: the one of this name, or the only one.
fn chosen<'a>(hosts: &[&'a ProviderSettings], host: Option<&str>) -> Result<&'a ProviderSettings, (FieldCode, String)> {
    match (host, hosts) {
        (Some(host), hosts) => {
            let found = hosts.iter().find(|at| at.host().eq_ignore_ascii_case(host)).copied();
            found.ok_or_else(|| {
                let all: Vec<_> = hosts.iter().map(|at| at.host()).collect();
                (FieldCode::Invalid, format!("The System Administrator configured {}.", all.join(", ")))
            })
        }
        (None, [only]) => Ok(only),
        (None, _) => Err((FieldCode::Missing, "There are several hosts of this provider. Say which.".into())),
    }
}

/// A port of the person's own computer by its address, never by a name (RFC 8252 sections 7.3 and 8.3).
fn redirect_uri(method: ConnectMethod, uri: Option<&str>) -> Result<Option<&str>, (FieldCode, String)> {
    let loopback = |uri: &str| {
        let port = ["http://127.0.0.1:", "http://[::1]:"].iter().find_map(|start| uri.strip_prefix(start));
        let port = port.and_then(|rest| rest.strip_suffix("/callback")).unwrap_or_default();
        let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
        digits && port.parse::<u16>().is_ok()
    };
    match (method, uri) {
        (ConnectMethod::Device, None) => Ok(None),
        (ConnectMethod::Device, Some(_)) => {
            Err((FieldCode::Invalid, "No browser comes back from a device code. Leave this out.".into()))
        }
        (ConnectMethod::AuthorizationCode, None) => {
            Err((FieldCode::Missing, "Say where the browser is sent back to.".into()))
        }
        (ConnectMethod::AuthorizationCode, Some(uri)) if loopback(uri) => Ok(Some(uri)),
        (ConnectMethod::AuthorizationCode, Some(_)) => {
            let detail = "This is http://127.0.0.1:PORT/callback or http://[::1]:PORT/callback.";
            Err((FieldCode::Invalid, detail.into()))
        }
    }
}

/// There are as many connections as there may be.
pub(crate) fn full() -> Problem {
    let detail = format!("There are {MAX_INTEGRATIONS} connections already. Disconnect one first.");
    Problem::new(ErrorCode::Conflict).detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_back_to_this_computer_alone() {
        let taken = |uri| redirect_uri(ConnectMethod::AuthorizationCode, uri).is_ok();
        for uri in ["http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback", "http://[::1]:8080/callback"] {
            assert!(taken(Some(uri)), "{uri}");
        }
        for uri in [
            "",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/callback?x",
            "http://127.0.0.1:80@evil.example/callback",
            "http://localhost:80/callback",
            "https://127.0.0.1:80/callback",
            "http://127.0.0.2:80/callback",
            "http://[::1]:80/",
        ] {
            assert!(!taken(Some(uri)), "{uri}");
        }
        assert!(!taken(None));
        assert!(redirect_uri(ConnectMethod::Device, None).is_ok());
        assert!(redirect_uri(ConnectMethod::Device, Some("http://127.0.0.1:1/callback")).is_err());
    }
}
