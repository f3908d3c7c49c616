//! Connections with the keyboard alone; part of `keyboard_security`.

use crate::{
    browser::Browser,
    clipboard,
    keyboard::{tab_to, tab_until},
    private_registry::{PASSWORD, PrivateRegistry, USERNAME},
    provider::Provider,
    screen::Screen,
    source_code::{LOGIN, comes_back, shown_code},
    stage::Stage,
};

/// GitHub is connected by a code, GitLab by the browser; one is looked at, the other disconnected.
pub(crate) async fn source_code(
    stage: &Stage,
    screen: &Screen,
    browser: &mut Browser,
    github: &Provider,
    gitlab: &Provider,
) {
    let (github_name, gitlab_name) = (format!("GitHub at {}", github.host()), format!("GitLab at {}", gitlab.host()));
    screen.key("Control+7").await;
    screen.arrives_at("Source code integration").await;
    screen.sees("Not connected").await;
    tab_to(screen, "button \"Connect\"").await;
    screen.key("Enter").await;
    screen.arrives_at(&format!("Connect {github_name}")).await;
    let code = shown_code(screen, None).await;
    screen.focused("button \"Copy and open browser\"").await;
    screen.key("Enter").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text == code).await;
    let page = browser.next_page().await;
    github.decides_at(&page, Some(&code), LOGIN, true);
    screen.sees(&format!("{github_name} connected as @{LOGIN}")).await;
    screen.gone("heading", &format!("Connect {github_name}")).await;

    // The first is connected: this is the other one.
    tab_to(screen, "button \"Connect\"").await;
    screen.key("Enter").await;
    screen.arrives_at(&format!("Connect {gitlab_name}")).await;
    shown_code(screen, None).await;
    tab_to(screen, "button \"Use the browser instead\"").await;
    screen.key("Enter").await;
    let page = browser.next_page().await;
    comes_back(&gitlab.decides_there(&page, LOGIN, true).0);
    screen.sees(&format!("{gitlab_name} connected as @{LOGIN}")).await;
    screen.gone("heading", &format!("Connect {gitlab_name}")).await;

    tab_until(screen, "the row of GitHub", |focus| focus.starts_with("button \"GitHub")).await;
    screen.key("Enter").await;
    screen.get("heading", "Repositories").await;
    tab_to(screen, "searchbox \"Search repositories\"").await;
    screen.type_text("hand").await;
    screen.sees("1 repository found").await;
    screen.key("Escape").await;
    screen.sees("maren/dotfiles").await;
    tab_to(screen, "button \"Disconnect\"").await;
    screen.key("Enter").await;
    // Behind the repositories comes the other one.
    screen.arrives_at(&format!("Disconnect {gitlab_name}?")).await;
    tab_to(screen, "button \"Disconnect\"").await;
    screen.key("Enter").await;
    screen.sees(&format!("{gitlab_name} disconnected")).await;

    let said = ["git is signed in by Latchkey", "git is no longer signed in"];
    turns_on_and_off(screen, "Sign git in with these connections", said).await;
}

/// Authorised, given another password by its menu, and removed, which is undone once.
pub(crate) async fn container_registry(screen: &Screen, registry: &PrivateRegistry<'_>) {
    screen.key("Control+8").await;
    screen.arrives_at("Container registries").await;
    screen.sees("No registries yet").await;
    tab_to(screen, "button \"Authorise registry\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Authorise registry").await;
    let host = registry.host();
    for (field, text) in [("Registry host", host.as_str()), ("Username", USERNAME), ("Password or token", PASSWORD)] {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text(text).await;
    }
    screen.key("Enter").await;
    screen.sees(&format!("{host} authorised")).await;
    let more = format!("button \"More for {host}\"");
    tab_to(screen, &more).await;
    screen.key("Enter").await;
    screen.focused("menuitem \"Check again\"").await;
    screen.key("Escape").await;
    screen.focused(&more).await;
    screen.key("Enter").await;
    screen.focused("menuitem \"Check again\"").await;
    screen.key("ArrowDown").await;
    screen.focused("menuitem \"Update password\"").await;
    screen.key("Enter").await;
    screen.focused("textbox \"Password or token\"").await;
    screen.type_text(PASSWORD).await;
    screen.key("Enter").await;
    screen.sees(&format!("Password for {host} updated")).await;
    screen.gone("heading", "Update password").await;
    let said = ["Container tools are signed in by Latchkey", "Container tools are no longer signed in"];
    turns_on_and_off(screen, "Sign container tools in with these registries", said).await;

    let remove = format!("Remove {host}");
    for undone in [true, false] {
        tab_to(screen, &format!("button \"{remove}\"")).await;
        screen.key("Enter").await;
        screen.sees(&format!("{host} removed")).await;
        if undone {
            screen.key("Control+z").await;
            screen.get("button", &remove).await;
        }
    }
}

/// Turns a switch on and off, which keeps the focus and says what it did.
async fn turns_on_and_off(screen: &Screen, name: &str, said: [&str; 2]) {
    let switch = format!("switch \"{name}\"");
    tab_to(screen, &switch).await;
    for said in said {
        screen.key(" ").await;
        screen.sees(said).await;
        screen.focused(&switch).await;
    }
}
