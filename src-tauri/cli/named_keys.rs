//! Named API keys.

use latchkey_api::{
    api_keys::{ApiKey, CreateApiKey, Scope},
    common::Page,
    desktop::{ListArgs, RemoveKey},
};

use super::{
    arguments::{ApiKeysCommand, Expiry},
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, table},
    proof::proved,
};
use crate::commands::api_keys;

/// Lists, creates or deletes them.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: ApiKeysCommand) -> Result<(), Ending> {
    match command {
        ApiKeysCommand::List => list(opened, printer).await,
        ApiKeysCommand::Create { name, scopes, expires } => {
            let now = opened.app.parts.clock.now();
            let expires_at = expires.map(|expires| match expires {
                Expiry::Never => None,
                Expiry::Days(days) => Some(now + chrono::Duration::days(days.into())),
                Expiry::At(moment) => Some(moment),
            });
            let scopes: Vec<Scope> = scopes.into_iter().map(Scope::from).collect();
            let body = CreateApiKey { name, scopes, expires_at };
            let key = proved(opened, async || api_keys::create_api_key(&opened.app, body.clone()).await).await?;
            let ends = key.expires_at.map_or("never ends".to_owned(), |end| format!("ends {}", moment(end)));
            printer.say(&format!(
                "Save the token and your username somewhere safe: it is shown this once. It {ends}. Username: {}",
                key.username
            ));
            printer.show(&key, || format!("{}\n", key.token.expose())).map_err(|unprinted| lost(key.id, unprinted))
        }
        ApiKeysCommand::Delete { id } => {
            proved(opened, async || {
                api_keys::delete_api_key(&opened.app, RemoveKey { id, account: opened.account()? }).await
            })
            .await?;
            printer.done("The key is deleted.")
        }
    }
}

/// A key whose token nobody has seen: whoever reads it has left, or the disk is full.
fn lost(key: uuid::Uuid, unprinted: Ending) -> Ending {
    let why = match unprinted {
        Ending::Failed(why) => why,
        _ => "nobody reads it any more.".to_owned(),
    };
    Ending::Failed(format!(
        "The key was created, and its token cannot be printed: {why} Nobody can use it: latchkey api-keys delete {key}"
    ))
}

async fn list(opened: &Opened, printer: &Printer) -> Result<(), Ending> {
    let mut all = Page { items: Vec::new(), next: None };
    loop {
        let page = api_keys::list_api_keys(&opened.app, ListArgs { after: all.next.take() }).await?;
        all.items.extend(page.items);
        all.next = page.next;
        if all.next.is_none() {
            break;
        }
    }
    printer.show(&all, || {
        let headings = ["ID", "NAME", "SCOPES", "TOKEN", "CREATED", "ENDS", "LAST USED", "FROM"];
        table(headings, all.items.iter().map(row).collect(), "There are no named API keys.")
    })
}

fn row(key: &ApiKey) -> [String; 8] {
    let scope = |scope: &Scope| match scope {
        Scope::Api => "api",
        Scope::Registry => "registry",
    };
    let scopes: Vec<_> = key.scopes.iter().map(scope).collect();
    let never = || "never".to_owned();
    [
        key.id.to_string(),
        key.name.clone(),
        scopes.join(", "),
        format!("…{}", key.last_four),
        moment(key.created_at),
        key.expires_at.map_or_else(never, moment),
        key.last_used_at.map_or_else(never, moment),
        from(key),
    ]
}

/// Where it was used last. A program of this computer has no address.
fn from(key: &ApiKey) -> String {
    match (&key.last_used_ip, key.last_used_at) {
        (Some(address), _) => address.clone(),
        (None, Some(_)) => "this computer".to_owned(),
        (None, None) => String::new(),
    }
}
