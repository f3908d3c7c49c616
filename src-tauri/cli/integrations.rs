//! Connections with providers of source code.

use latchkey_api::{
    common::Page,
    desktop::{IntegrationArgs, NoArgs},
    instance::Provider,
    integrations::Integration,
};

use super::{
    arguments::CheckCommand,
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, pairs, table},
};
use crate::commands::integrations;

/// Lists them, or looks whether one works.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: CheckCommand) -> Result<(), Ending> {
    let Page { items, next } = integrations::list_integrations(&opened.app, NoArgs {}).await?;
    match command {
        CheckCommand::List => {
            let connected = items.into_iter().filter(|one| one.connected).collect();
            let all: Page<Integration> = Page { items: connected, next };
            printer.show(&all, || {
                let headings = ["ID", "PROVIDER", "HOST", "ACCOUNT", "CONNECTED", "CHECKED", "WORKS"];
                table(headings, all.items.iter().map(row).collect(), "No account is connected.")
            })
        }
        CheckCommand::Check { id } => {
            let unknown = || Ending::Failed("There is no such connection.".to_owned());
            let provider = items.iter().find(|one| one.id == Some(id)).map(|one| one.provider).ok_or_else(unknown)?;
            let checked = integrations::check_integration(&opened.app, IntegrationArgs { provider, id }).await?;
            printer.show(&checked, || {
                pairs(&[
                    ("Host", checked.host.clone()),
                    ("Account", checked.login.clone().unwrap_or_default()),
                    ("Scopes", checked.scopes.join(", ")),
                    ("Works", works(&checked)),
                ])
            })
        }
    }
}

fn row(one: &Integration) -> [String; 7] {
    let provider = match one.provider {
        Provider::Github => "GitHub",
        Provider::Gitlab => "GitLab",
    };
    [
        one.id.map(|id| id.to_string()).unwrap_or_default(),
        provider.to_owned(),
        one.host.clone(),
        one.login.clone().unwrap_or_default(),
        one.connected_at.map(moment).unwrap_or_default(),
        one.checked_at.map_or_else(|| "never".to_owned(), moment),
        works(one),
    ]
}

fn works(one: &Integration) -> String {
    match (one.healthy, &one.detail) {
        (Some(true), _) => "yes".to_owned(),
        (Some(false), Some(why)) => format!("no: {why}"),
        (Some(false), None) => "no".to_owned(),
        (None, _) => "unknown".to_owned(),
    }
}
