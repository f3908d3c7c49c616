//! Accounts at GitHub and GitLab, connected in the window; both are played by oidc-provider. `git` then clones with them.

use std::{fs, net::SocketAddr, path::Path, process::Output};

use latchkey_api::instance::Provider as Kind;
use latchkey_desktop_testkit::output_of;
use serde_json::json;

use crate::{
    accessibility,
    app::App,
    browser::Browser,
    clipboard,
    gallery::Gallery,
    person::ADA,
    provider::Provider,
    rest::{Answer, Script},
    screen::Screen,
    secrets,
    server::Server,
    stage::Stage,
};

/// Whose account at the provider it is.
pub(crate) const LOGIN: &str = "maren";
/// The client secret the provider gave out.
pub(crate) const SECRET: &str = "s3cret-of-the-client";
/// The section of the account.
const PAGE: &str = "Source code integration";
/// The name of the switch.
const SWITCH: &str = "Sign git in with these connections";
/// What the person wrote into the configuration of git.
const CONFIG: &str = "[user]\n\tname = Ada\n";

#[tokio::test]
async fn github_is_connected_by_a_code_signs_git_in_and_is_disconnected() {
    let stage = Stage::set("source_code_device");
    let gallery = Gallery::new(&stage);
    let provider = Provider::start(Kind::Github, &json!({ "client_secret": SECRET }));
    let server = server_with(&stage, &[&provider]);
    fs::write(stage.home().join(".gitconfig"), CONFIG).unwrap();
    ADA.joins(&server);
    let mut browser = Browser::install(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, PAGE).await;
    screen.sees("Not connected").await;
    screen.sees("Connect an account, and git can clone, fetch and push with it.").await;
    gallery.hang(screen, "source-code-none").await;
    accessibility::check(screen, "source code, nothing connected").await;
    let name = format!("GitHub at {}", provider.host());

    // Told no there.
    let code = begins_with_code(screen, &name).await;
    gallery.hang(screen, "source-code-device").await;
    accessibility::check(screen, "source code, the code of a device").await;
    let page = opens_browser(&stage, screen, &mut browser, &code).await;
    assert!(page.starts_with(provider.url()), "{page}");
    provider.decides_at(&page, Some(&code), LOGIN, false);
    screen.sees("GitHub was told no").await;
    gallery.hang(screen, "source-code-denied").await;
    accessibility::check(screen, "source code, told no").await;

    // Agreed the second time.
    screen.press("button", "Try again").await;
    let code = shown_code(screen, Some(&code)).await;
    let page = opens_browser(&stage, screen, &mut browser, &code).await;
    provider.decides_at(&page, Some(&code), LOGIN, true);
    screen.sees(&format!("{name} connected as @{LOGIN}")).await;
    screen.gone("heading", &format!("Connect {name}")).await;
    screen.is_rid_of_toast().await;
    looks_at_details(screen, &gallery, &provider).await;

    let token = signs_git_in(&stage, screen, &gallery, &provider).await;
    assert!(provider.takes(&token));
    screen.press("button", "Disconnect").await;
    screen.arrives_at(&format!("Disconnect {name}?")).await;
    accessibility::check(screen, "source code, disconnect").await;
    screen.press("button", "Disconnect").await;
    screen.sees(&format!("{name} disconnected")).await;
    screen.sees("Not connected").await;
    assert!(!provider.takes(&token), "it was revoked");
    app.close().await;
    secrets::no_file_holds(&stage, &[&token]);
    gallery.publish(&["source-code", "source-code-device"]);
}

#[tokio::test]
async fn gitlab_is_connected_by_the_browser_and_found_again() {
    let stage = Stage::set("source_code_browser");
    let provider = Provider::start(Kind::Gitlab, &json!({ "client_secret": SECRET }));
    let server = server_with(&stage, &[&provider]);
    ADA.joins(&server);
    let mut browser = Browser::install(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, PAGE).await;
    let name = format!("GitLab at {}", provider.host());

    begins_with_code(screen, &name).await;
    screen.press("button", "Use the browser instead").await;
    let page = browser.next_page().await;
    screen.sees("Agree in your browser, then come back.").await;
    screen.photograph("waiting").await;
    accessibility::check(screen, "source code, the browser").await;
    screen.press("button", "Open the browser again").await;
    assert_eq!(browser.next_page().await, page);
    let answer = comes_back(&provider.decides_there(&page, LOGIN, false).0);
    assert_eq!(answer.status, 200, "{answer}");
    screen.sees("GitLab was told no").await;

    screen.press("button", "Try again").await;
    let page = browser.next_page().await;
    let back = provider.decides_there(&page, LOGIN, true);
    // Somebody else's answer is not the answer to this attempt, which goes on.
    let expected = back.get("state").unwrap();
    comes_back(&back.0.replace(&expected, "of-somebody-else"));
    let answer = comes_back(&back.0);
    assert!(answer.status == 200 && answer.to_string().contains("go back to Latchkey"), "{answer}");
    screen.sees(&format!("{name} connected as @{LOGIN}")).await;
    screen.gone("heading", &format!("Connect {name}")).await;
    app.close().await;

    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    ADA.opens(screen, PAGE).await;
    screen.sees(&format!("Connected as @{LOGIN}")).await;

    // Taken back there: the next look finds it, and the row says what to do.
    provider.revokes(LOGIN);
    unfolds(screen).await;
    screen.press("button", "Check now").await;
    screen.sees("GitLab refused the token today. Reconnect to go on.").await;
    screen.photograph("dead").await;
    accessibility::check(screen, "source code, revoked").await;
    screen.press("button", "Reconnect").await;
    let code = shown_code(screen, None).await;
    let page = opens_browser(&stage, screen, &mut browser, &code).await;
    provider.decides_at(&page, None, LOGIN, true);
    screen.sees(&format!("{name} works again, as @{LOGIN}")).await;
    assert!(!screen.has("button", "Reconnect").await);
    app.close().await;
}

/// A server that knows these providers.
pub(crate) fn server_with(stage: &Stage, providers: &[&Provider]) -> Server {
    let settings: Vec<_> = providers.iter().flat_map(|provider| provider.environment(Some(SECRET))).collect();
    let settings: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Server::start_with(stage, &settings)
}

/// Presses *Connect*, and answers the code that is shown.
async fn begins_with_code(screen: &Screen, name: &str) -> String {
    screen.press("button", "Connect").await;
    screen.arrives_at(&format!("Connect {name}")).await;
    shown_code(screen, None).await
}

/// The code the dialog shows, once it is another one than before.
pub(crate) async fn shown_code(screen: &Screen, before: Option<&str>) -> String {
    let script = "return document.querySelector('[aria-label=\"Device code\"]')?.innerText ?? ''";
    let other =
        format!("const code = (() => {{ {script} }})(); return code !== '' && code !== '{}'", before.unwrap_or(""));
    screen.until("a code is shown", &other).await;
    screen.run(script, vec![]).await.as_str().unwrap().to_owned()
}

/// Copies the code and opens the browser; answers the page.
async fn opens_browser(stage: &Stage, screen: &Screen, browser: &mut Browser, code: &str) -> String {
    screen.press("button", "Copy and open browser").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text == code).await;
    browser.next_page().await
}

/// The browser is sent back to the app.
pub(crate) fn comes_back(address: &str) -> Answer {
    let url = url::Url::parse(address).unwrap();
    let listens: SocketAddr = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap()).parse().unwrap();
    Script::at(listens).get(&address[url[..url::Position::BeforePath].len()..])
}

/// Opens the details of the one connection.
async fn unfolds(screen: &Screen) {
    let row = "return document.querySelector('button[aria-expanded][id^=row-]')";
    screen.run(&format!("(() => {{ {row} }})().click()"), vec![]).await;
    screen.get("heading", "Repositories").await;
}

/// What was granted, and the repositories it reaches.
async fn looks_at_details(screen: &Screen, gallery: &Gallery, provider: &Provider) {
    screen.sees(&format!("Connected as @{LOGIN} since")).await;
    unfolds(screen).await;
    screen.sees(&format!("@{LOGIN} at {}", provider.host())).await;
    screen.sees("northwind/tools").await;
    screen.sees("maren/dotfiles").await;
    gallery.hang(screen, "source-code").await;
    accessibility::check(screen, "source code, details").await;
    let search = screen.get("searchbox", "Search repositories").await;
    screen.focus_on(&search).await;
    screen.type_text("hand").await;
    screen.sees("1 repository found").await;
    screen.sees("northwind/handbook").await;
    assert!(!screen.text().await.contains("maren/dotfiles"));
    screen.key("Escape").await;
    screen.sees("maren/dotfiles").await;
    screen.press("button", "Check now").await;
    screen.sees(&format!("GitHub at {} works", provider.host())).await;
    screen.is_rid_of_toast().await;
}

/// git asks, then is signed in, then asks again. Answers the token it was given meanwhile.
async fn signs_git_in(stage: &Stage, screen: &Screen, gallery: &Gallery, provider: &Provider) -> String {
    let asks = |into: &str| {
        let ran = clones(stage, provider, into);
        let said = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert!(!ran.status.success() && said.contains("could not read Username"), "{said}");
    };
    asks("before");
    screen.press("switch", SWITCH).await;
    screen.sees("git is signed in by Latchkey").await;
    screen.sees(&format!("git asks Latchkey for {}", provider.host())).await;
    screen.is_rid_of_toast().await;
    gallery.hang(screen, "source-code-git").await;
    accessibility::check(screen, "source code, git").await;
    let ran = clones(stage, provider, "cloned");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let content = fs::read_to_string(stage.home().join("cloned/README.md")).unwrap();
    assert_eq!(content, "Only for those who have a token.\n");
    let token = token_of_git(stage, provider);

    screen.press("switch", SWITCH).await;
    screen.sees("git is no longer signed in").await;
    assert_eq!(fs::read_to_string(stage.home().join(".gitconfig")).unwrap(), CONFIG);
    asks("after");
    screen.is_rid_of_toast().await;
    token
}

/// `git clone`, with nobody at a terminal.
fn clones(stage: &Stage, provider: &Provider, into: &str) -> Output {
    let mut git = stage.command("git");
    git.args(["clone", "--quiet", &format!("{}/northwind/tools.git", provider.url())]).arg(stage.home().join(into));
    git.env("GIT_TERMINAL_PROMPT", "0").env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap()
}

/// What git is told.
fn token_of_git(stage: &Stage, provider: &Provider) -> String {
    let question = stage.programs().join("question");
    fs::write(&question, format!("protocol=http\nhost={}\n\n", provider.host())).unwrap();
    let told = output_of(fed(stage, &question).env("GIT_TERMINAL_PROMPT", "0").env("GIT_CONFIG_NOSYSTEM", "1"));
    told.lines().find_map(|line| line.strip_prefix("password=")).expect("a password").to_owned()
}

fn fed(stage: &Stage, question: &Path) -> std::process::Command {
    let mut git = stage.command("git");
    git.args(["credential", "fill"]).stdin(fs::File::open(question).unwrap());
    git
}
