//! The devices that are signed in.

use latchkey_api::{
    common::Page,
    desktop::{ListArgs, NoArgs, SessionArgs},
    sessions::Session,
};

use super::{
    arguments::SessionsCommand,
    ending::Ending,
    opened::Opened,
    print::{Printer, moment, table},
    proof::proved,
};
use crate::commands::sessions;

/// Lists them, or signs them out.
pub(super) async fn run(opened: &Opened, printer: &Printer, command: SessionsCommand) -> Result<(), Ending> {
    match command {
        SessionsCommand::List => list(opened, printer).await,
        SessionsCommand::Close { id } => {
            proved(opened, async || sessions::close_session(&opened.app, SessionArgs { id: id.clone() }).await).await?;
            printer.done("That device is signed out.")
        }
        SessionsCommand::CloseOthers => {
            let closed = proved(opened, async || sessions::close_other_sessions(&opened.app, NoArgs {}).await).await?;
            printer.show(&closed, || format!("Signed out: {}\n", closed.closed))
        }
    }
}

async fn list(opened: &Opened, printer: &Printer) -> Result<(), Ending> {
    let mut all = Page { items: Vec::new(), next: None };
    loop {
        let page = sessions::list_sessions(&opened.app, ListArgs { after: all.next.take() }).await?;
        all.items.extend(page.items);
        all.next = page.next;
        if all.next.is_none() {
            break;
        }
    }
    printer.show(&all, || {
        let headings = ["", "ID", "DEVICE", "APP", "ADDRESS", "LAST USED"];
        table(headings, all.items.iter().map(row).collect(), "No device is signed in.")
    })
}

fn row(session: &Session) -> [String; 6] {
    let words = |parts: [&Option<String>; 2]| parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ");
    let app = [&session.browser, &session.browser_version].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    [
        if session.current { "*".to_owned() } else { String::new() },
        session.id.to_string(),
        words([&session.model, &session.operating_system]),
        app,
        session.ip_address.clone().unwrap_or_else(|| "this computer".to_owned()),
        moment(session.last_modified_at),
    ]
}
