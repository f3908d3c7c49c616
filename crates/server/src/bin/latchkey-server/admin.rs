//! `latchkey-server admin`

use anyhow::{anyhow, bail};
use latchkey_api::{accounts::SignUp, problem::Problem};
use latchkey_service::{AccountSummary, RevokedUserKeys, Service};
use serde_json::{Value, json};

use crate::{
    arguments::{AdminCommand, MailCommand, Output, User, UserCommand},
    config::Config,
    confirmation, database, password, policy, say, verify,
};

/// Accounts that are read at a time.
const PAGE: u8 = 100;

pub(crate) async fn run(config: &Config, command: AdminCommand) -> anyhow::Result<()> {
    let service = database::open(config).await?;
    let done = match command {
        AdminCommand::User(command) => user(&service, command).await,
        AdminCommand::Policy(command) => policy::run(&service, command).await,
        AdminCommand::Mail(MailCommand::Test { address }) => test_mail(&service, &address).await,
        AdminCommand::VerifyActivity { login, output } => verify::run(&service, login.as_deref(), &output).await,
    };
    service.close().await;
    done
}

async fn test_mail(service: &Service, address: &str) -> anyhow::Result<()> {
    match service.send_test_mail(address).await {
        None => bail!("no mail server is configured; set smtp.url and smtp.from"),
        Some(Ok(answer)) => say(format_args!("The mail server took the message: {answer}")),
        Some(Err(error)) => match &error.answer {
            Some(answer) => bail!("{error}: {answer}"),
            None => bail!("{error}"),
        },
    }
}

async fn user(service: &Service, command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Create { username, email, name, output } => {
            let name = name.unwrap_or_else(|| username.clone());
            let user = SignUp { username, email, name, password: password::read()? };
            let profile = service.create_user(user).await.map_err(refusal)?;
            let account = service.find_user(&profile.username).await.map_err(refusal)?;
            tell(&output, &account, "created")
        }
        UserCommand::List { output } => list(service, &output).await,
        UserCommand::Show { user: User { login, output } } => {
            let account = service.find_user(&login).await.map_err(refusal)?;
            if output.json { print(&summary(&account)) } else { say(format_args!("{}", text(&account))) }
        }
        UserCommand::Disable { user: User { login, output } } => {
            tell(&output, &service.disable_user(&login).await.map_err(refusal)?, "disabled, and signed out everywhere")
        }
        UserCommand::Enable { user: User { login, output } } => {
            tell(&output, &service.enable_user(&login).await.map_err(refusal)?, "enabled")
        }
        UserCommand::CloseSessions { user: User { login, output } } => {
            let closed = service.close_user_sessions(&login).await.map_err(refusal)?;
            if output.json { print(&json!({"closed": closed})) } else { say(format_args!("{closed} sessions closed")) }
        }
        UserCommand::ResetPassword { user: User { login, output } } => {
            // Whether there is such an account is said before a password is thought of.
            service.find_user(&login).await.map_err(refusal)?;
            let account = service.reset_user_password(&login, &password::read()?).await.map_err(refusal)?;
            tell(&output, &account, "signed out everywhere, with a new password")
        }
        UserCommand::RevokeKeys { user: User { login, output }, yes } => {
            let account = service.find_user(&login).await.map_err(refusal)?;
            let question = format!("Delete all API keys and SSH keys of {}?", account.username);
            if !yes && !confirmation::given(&question)? {
                bail!("nothing was changed");
            }
            let RevokedUserKeys { api_keys, ssh_keys } = service.revoke_user_keys(&login).await.map_err(refusal)?;
            if output.json {
                return print(&json!({"api_keys": api_keys, "ssh_keys": ssh_keys}));
            }
            say(format_args!("{api_keys} API keys and {ssh_keys} SSH keys deleted"))
        }
        UserCommand::DisableTwoFactor { user: User { login, output }, yes } => {
            let account = service.find_user(&login).await.map_err(refusal)?;
            let question = format!("Switch two-factor authentication of {} off?", account.username);
            if !yes && !confirmation::given(&question)? {
                bail!("nothing was changed");
            }
            let account = service.disable_user_two_factor(&login).await.map_err(refusal)?;
            tell(&output, &account, "signed out everywhere, without two-factor authentication")
        }
    }
}

async fn list(service: &Service, output: &Output) -> anyhow::Result<()> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = service.list_users(after, PAGE).await.map_err(refusal)?;
        after = page.last().map(|account| account.id);
        all.extend_from_slice(&page);
        if page.len() < usize::from(PAGE) {
            break;
        }
    }
    if output.json {
        return print(&all.iter().map(summary).collect());
    }
    for account in &all {
        let state = if account.disabled_at.is_some() { "disabled" } else { "active" };
        say(format_args!("{}\t{}\t{}\t{state}", account.username, account.email, account.name))?;
    }
    Ok(())
}

fn tell(output: &Output, account: &AccountSummary, what: &str) -> anyhow::Result<()> {
    if output.json { print(&summary(account)) } else { say(format_args!("{} is {what}", account.username)) }
}

pub(crate) fn print(value: &Value) -> anyhow::Result<()> {
    say(format_args!("{value:#}"))
}

fn summary(account: &AccountSummary) -> Value {
    json!({
        "id": account.id,
        "username": account.username,
        "email": account.email,
        "name": account.name,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
        "two_factor_enabled": account.two_factor_enabled,
    })
}

fn text(account: &AccountSummary) -> String {
    let state = account.disabled_at.map_or("active".to_owned(), |at| format!("disabled since {at}"));
    let two_factor = if account.two_factor_enabled { "on" } else { "off" };
    format!(
        "username    {}\ne-mail      {}\nname        {}\ncreated     {}\nstate       {state}\ntwo-factor  {two_factor}\n\
         id          {}",
        account.username, account.email, account.name, account.created_at, account.id
    )
}

/// A problem as a sentence: each bad field with what to do, or what is wrong.
#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
pub(crate) fn refusal(problem: Problem) -> anyhow::Error {
    let fields = problem.errors().iter();
    let fields: Vec<_> =
        fields.map(|field| format!("{}: {}", field.pointer.trim_start_matches('/'), field.detail)).collect();
    match (&fields[..], &problem.body().detail) {
        ([], Some(detail)) => anyhow!("{detail}"),
        ([], None) => anyhow!("{}", problem.body().title),
        (fields, _) => anyhow!("{}", fields.join("\n")),
    }
}
