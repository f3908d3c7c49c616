//! Container registries.

use latchkey_api::{
    common::Page,
    container_registries::{ContainerRegistry, RegistryStatus},
    desktop::{ListArgs, RegistryArgs},
};

use super::{
    arguments::CheckCommand,
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, pairs, table},
};
use crate::commands::registries;

/// Lists them, or tries the credentials for one again.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: CheckCommand) -> Result<(), Ending> {
    match command {
        CheckCommand::List => list(opened, printer).await,
        CheckCommand::Check { id } => {
            let checked = registries::check_registry(&opened.app, RegistryArgs { id }).await?;
            printer.show(&checked, || {
                pairs(&[
                    ("Registry", checked.host.clone()),
                    ("User name", checked.username.clone()),
                    ("Status", status(&checked)),
                ])
            })
        }
    }
}

async fn list(opened: &Opened, printer: &Printer) -> Result<(), Ending> {
    let mut all: Page<ContainerRegistry> = Page { items: Vec::new(), next: None };
    loop {
        let args = ListArgs { after: all.next.take() };
        let page = registries::list_container_registries(&opened.app, args).await?;
        all.items.extend(page.items);
        all.next = page.next;
        if all.next.is_none() {
            break;
        }
    }
    printer.show(&all, || {
        let headings = ["ID", "REGISTRY", "USER NAME", "AUTHORISED", "CHECKED", "STATUS"];
        table(headings, all.items.iter().map(row).collect(), "No container registry is authorised.")
    })
}

fn row(registry: &ContainerRegistry) -> [String; 6] {
    [
        registry.id.to_string(),
        registry.host.clone(),
        registry.username.clone(),
        moment(registry.created_at),
        moment(registry.checked_at),
        status(registry),
    ]
}

fn status(registry: &ContainerRegistry) -> String {
    match (registry.status, &registry.detail) {
        (RegistryStatus::Verified, _) => "verified".to_owned(),
        (RegistryStatus::Failed, Some(why)) => format!("failed: {why}"),
        (RegistryStatus::Failed, None) => "failed".to_owned(),
    }
}
