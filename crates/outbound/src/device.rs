//! Device authorisation (RFC 8628).

use latchkey_api::wire::Secret;
use latchkey_service::{DeviceAnswer, DeviceGrant, ProviderError, ProviderSettings};
use serde::Deserialize;
use url::Url;

use crate::{
    addresses::is_loopback,
    endpoints::Endpoints,
    oauth::{Refusal, form},
    outbound::Outbound,
    provider_errors::strange,
    token_answer::is_token,
};

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The longest code that people are asked to type.
const USER_CODE: usize = 32;

/// RFC 8628 section 3.2
#[derive(Deserialize)]
struct DeviceGrantAnswer {
    device_code: Secret,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: u64,
    interval: Option<u64>,
}

impl Outbound {
    /// Begins one (RFC 8628 section 3.1).
    pub(crate) async fn device_grant(&self, at: &ProviderSettings) -> Result<DeviceGrant, ProviderError> {
        let scope = at.scopes.join(" ");
        let answer: DeviceGrantAnswer =
            self.post(&Endpoints::of(at).device, form(at, &[("scope", scope.as_str())])).await?;
        answer.check(at).ok_or_else(strange)
    }

    /// Asks once how one stands (RFC 8628 section 3.4).
    pub(crate) async fn device_answer(
        &self,
        at: &ProviderSettings,
        device_code: &Secret,
    ) -> Result<DeviceAnswer, ProviderError> {
        let grant = [("grant_type", GRANT_TYPE), ("device_code", device_code.expose())];
        match self.tokens(at, &grant).await {
            Ok(tokens) => Ok(DeviceAnswer::Granted(tokens)),
            Err(Refusal::Other(error)) => Err(error),
            Err(Refusal::Code(code)) => match code.as_str() {
                "authorization_pending" => Ok(DeviceAnswer::Pending),
                "slow_down" => Ok(DeviceAnswer::SlowDown),
                "access_denied" => Ok(DeviceAnswer::Denied),
                // A code the provider does not know any more, has ended; servers forget them at different times.
                "expired_token" | "token_expired" | "invalid_grant" | "incorrect_device_code" => {
                    Ok(DeviceAnswer::Expired)
                }
                _ => Err(Refusal::Code(code).into()),
            },
        }
    }
}

impl DeviceGrantAnswer {
    /// What people are shown and sent to is theirs to trust: a code to type, and a page over HTTPS.
    fn check(self, at: &ProviderSettings) -> Option<DeviceGrant> {
        let here = Url::parse(&at.url).is_ok_and(|url| is_loopback(&url));
        let good_code = (1..=USER_CODE).contains(&self.user_code.len())
            && self.user_code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !good_code || !is_token(self.device_code.expose()) {
            return None;
        }
        let complete = self.verification_uri_complete.and_then(|uri| page(&uri, here));
        Some(DeviceGrant {
            device_code: self.device_code,
            user_code: self.user_code,
            verification_uri: page(&self.verification_uri, here)?,
            verification_uri_complete: complete,
            expires_in: bounded(self.expires_in, 60, 3600),
            interval: bounded(self.interval.unwrap_or(5), 1, 60),
        })
    }
}

fn bounded(seconds: u64, least: u32, most: u32) -> u32 {
    u32::try_from(seconds).unwrap_or(most).clamp(least, most)
}

/// A page that a browser may be sent to.
fn page(text: &str, here: bool) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let safe = url.scheme() == "https" || url.scheme() == "http" && here && is_loopback(&url);
    let plain = url.username().is_empty() && url.password().is_none();
    (safe && plain && text.len() <= 2048).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use latchkey_api::instance::Provider;
    use serde_json::{Value, json};

    use super::*;

    fn check(url: &str, change: impl FnOnce(&mut Value)) -> Option<DeviceGrant> {
        let mut answer = json!({
            "device_code": "d",
            "user_code": "WDJB-MJHT",
            "verification_uri": "https://git.example.org/device",
            "expires_in": 900,
            "interval": 5,
        });
        change(&mut answer);
        let at = ProviderSettings {
            provider: Provider::Gitlab,
            url: url.into(),
            client_id: "c".into(),
            client_secret: None,
            scopes: Vec::new(),
        };
        serde_json::from_value::<DeviceGrantAnswer>(answer).ok()?.check(&at)
    }

    #[test]
    fn times_are_bounded() {
        let times = |expires_in: u64, interval: Value| {
            let grant = check("https://git.example.org", |answer| {
                answer["expires_in"] = expires_in.into();
                answer["interval"] = interval;
            });
            grant.map(|grant| (grant.expires_in, grant.interval)).unwrap()
        };
        assert_eq!(times(900, json!(5)), (900, 5));
        assert_eq!(times(900, Value::Null), (900, 5));
        assert_eq!(times(1, json!(0)), (60, 1));
        assert_eq!(times(u64::MAX, json!(u64::MAX)), (3600, 60));
    }

    #[test]
    fn only_codes_and_pages_that_can_be_trusted_are_shown() {
        let provider = "https://git.example.org";
        for code in ["", "A B", "A\u{202e}B", "<b>", &"A".repeat(33)] {
            assert!(check(provider, |answer| answer["user_code"] = code.into()).is_none(), "{code}");
        }
        for page in
            ["http://git.example.org/device", "javascript:alert(1)", "http://127.0.0.1/x", "https://u:p@h/", "x"]
        {
            assert!(check(provider, |answer| answer["verification_uri"] = page.into()).is_none(), "{page}");
            let grant = check(provider, |answer| answer["verification_uri_complete"] = page.into()).unwrap();
            assert_eq!(grant.verification_uri_complete, None, "{page}");
        }
        let here =
            check("http://127.0.0.1:4000", |answer| answer["verification_uri"] = "http://127.0.0.1:4000/d".into());
        assert_eq!(here.unwrap().verification_uri, "http://127.0.0.1:4000/d");
    }
}
