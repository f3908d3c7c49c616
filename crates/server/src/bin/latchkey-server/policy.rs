//! `latchkey-server admin policy`

use std::time::Duration;

use anyhow::bail;
use latchkey_api::instance::{SignUpPolicy, TwoFactorPolicy};
use latchkey_service::{Policy, PolicyName, PolicySource, Service};
use serde_json::{Map, Value, json};

use crate::{
    admin::{print, refusal},
    arguments::{PolicyArgument, PolicyCommand},
    config::{max_days, span},
    say,
};

pub(crate) async fn run(service: &Service, command: PolicyCommand) -> anyhow::Result<()> {
    match command {
        PolicyCommand::Show { output } => {
            let policies = service.policies().await.map_err(refusal)?;
            if output.json { print(&document(&policies)) } else { policies.iter().try_for_each(show) }
        }
        PolicyCommand::Set { name, value } => {
            let policy = read(name.into(), &value)?;
            service.set_policy(policy).await.map_err(refusal)?;
            say(format_args!("{} is {}", policy.name().as_str(), text(policy)))
        }
        PolicyCommand::Unset { name } => {
            let name = PolicyName::from(name);
            let removed = service.unset_policy(name).await.map_err(refusal)?;
            let policies = service.policies().await.map_err(refusal)?;
            let now = policies.iter().find(|(policy, _)| policy.name() == name).map(|(policy, _)| text(*policy));
            let was = if removed { "is" } else { "was not set; it is" };
            say(format_args!("{} {was} {}", name.as_str(), now.unwrap_or_default()))
        }
    }
}

fn show((policy, source): &(Policy, PolicySource)) -> anyhow::Result<()> {
    let origin = match source {
        PolicySource::Configuration => "configuration",
        PolicySource::Database => "set by an administrator",
        PolicySource::Default => "default",
    };
    say(format_args!("{:20} {:10} {origin}", policy.name().as_str(), text(*policy)))
}

fn document(policies: &[(Policy, PolicySource)]) -> Value {
    let entry = |(policy, source): &(Policy, PolicySource)| {
        let origin = match source {
            PolicySource::Configuration => "configuration",
            PolicySource::Database => "database",
            PolicySource::Default => "default",
        };
        let value = match policy {
            Policy::PasswordMinLength(number) | Policy::PasswordMinScore(number) => json!(number),
            Policy::ApiKeyMaxDays(Some(days)) => json!(days),
            other => json!(text(*other)),
        };
        (policy.name().as_str().to_owned(), json!({"value": value, "source": origin}))
    };
    Value::Object(policies.iter().map(entry).collect::<Map<_, _>>())
}

/// A value as it is written in the configuration.
fn read(name: PolicyName, value: &str) -> anyhow::Result<Policy> {
    let number = || match value.parse() {
        Ok(number) => Ok(number),
        Err(_) => bail!("{}: found \"{value}\", expected a whole number", name.as_str()),
    };
    let time = || match span(value) {
        Ok(time) => Ok(time),
        Err(reason) => bail!("{}: {reason}", name.as_str()),
    };
    Ok(match (name, value) {
        (PolicyName::SignUp, "open") => Policy::SignUp(SignUpPolicy::Open),
        (PolicyName::SignUp, "closed") => Policy::SignUp(SignUpPolicy::Closed),
        (PolicyName::SignUp, _) => bail!("sign_up: found \"{value}\", allowed are open and closed"),
        (PolicyName::TwoFactor, "optional") => Policy::TwoFactor(TwoFactorPolicy::Optional),
        (PolicyName::TwoFactor, "required") => Policy::TwoFactor(TwoFactorPolicy::Required),
        (PolicyName::TwoFactor, _) => bail!("two_factor: found \"{value}\", allowed are optional and required"),
        (PolicyName::PasswordMinLength, _) => Policy::PasswordMinLength(number()?),
        (PolicyName::PasswordMinScore, _) => Policy::PasswordMinScore(number()?),
        (PolicyName::SessionIdle, _) => Policy::SessionIdle(time()?),
        (PolicyName::SessionLifetime, _) => Policy::SessionLifetime(time()?),
        (PolicyName::ApiKeyMaxDays, _) => match max_days(value) {
            Ok(days) => Policy::ApiKeyMaxDays(days),
            Err(reason) => bail!("api_key_max_days: {reason}"),
        },
    })
}

fn text(policy: Policy) -> String {
    let time = |time: Duration| humantime::format_duration(time).to_string().replace(' ', "");
    match policy {
        Policy::SignUp(SignUpPolicy::Open) => "open".into(),
        Policy::SignUp(SignUpPolicy::Closed) => "closed".into(),
        Policy::TwoFactor(TwoFactorPolicy::Optional) => "optional".into(),
        Policy::TwoFactor(TwoFactorPolicy::Required) => "required".into(),
        Policy::PasswordMinLength(number) | Policy::PasswordMinScore(number) => number.to_string(),
        Policy::ApiKeyMaxDays(days) => days.map_or_else(|| "never".into(), |days| days.to_string()),
        // Days up to years: humantime writes months of 30.44 days.
        Policy::SessionIdle(span) | Policy::SessionLifetime(span) if span.as_secs().is_multiple_of(86_400) => {
            format!("{}days", span.as_secs() / 86_400)
        }
        Policy::SessionIdle(span) | Policy::SessionLifetime(span) => time(span),
    }
}

impl From<PolicyArgument> for PolicyName {
    fn from(name: PolicyArgument) -> Self {
        match name {
            PolicyArgument::SignUp => Self::SignUp,
            PolicyArgument::TwoFactor => Self::TwoFactor,
            PolicyArgument::PasswordMinLength => Self::PasswordMinLength,
            PolicyArgument::PasswordMinScore => Self::PasswordMinScore,
            PolicyArgument::SessionIdle => Self::SessionIdle,
            PolicyArgument::SessionLifetime => Self::SessionLifetime,
            PolicyArgument::ApiKeyMaxDays => Self::ApiKeyMaxDays,
        }
    }
}
