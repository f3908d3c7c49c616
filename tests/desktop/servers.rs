//! Connecting to servers, to wrong ones, to several.

use std::fs;

use crate::{
    app::App,
    keyboard::tab_to,
    person::{ADA, GRACE},
    relay::{self, Relay, Way},
    server::Server,
    stage::Stage,
};

#[tokio::test]
async fn a_wrong_address_says_what_is_wrong_with_it() {
    let stage = Stage::set("wrong_addresses");
    let server = Server::start(&stage);
    let relay = Relay::to(server.address());
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.press("radio", "Connect to a server").await;
    screen.press("button", "Continue").await;
    screen.sees("Enter the address of a server first.").await;

    for (address, sentence) in [
        ("ftp://example.com", "This is not an address"),
        ("http://ada@127.0.0.1", "This is not an address"),
        ("http://127.0.0.1:1", "The server cannot be reached"),
        ("no-such-host.invalid", "The server cannot be reached"),
    ] {
        screen.fill("Server URL", address).await;
        screen.sees(sentence).await;
    }
    screen.fill("Server URL", &format!("https://localhost:{}", relay::impostor().port())).await;
    screen.sees("The certificate of this server cannot be trusted").await;
    screen.photograph("certificate").await;
    // Whoever does not want to wait for an answer types another address.
    relay.becomes(Way::Silent);
    screen.fill("Server URL", &relay.origin()).await;
    screen.sees("Looking for the server").await;
    relay.becomes(Way::IsAWebSite);
    screen.fill("Server URL", &relay.origin()).await;
    screen.sees("This is not a Latchkey server").await;
    screen.photograph("not-latchkey").await;
    relay.becomes(Way::Answers500);
    screen.press("button", "Try again").await;
    screen.sees("Something went wrong").await;

    // The same address is right once the server is there.
    relay.becomes(Way::Clear);
    screen.press("button", "Try again").await;
    screen.sees(", version ").await;
    screen.press("button", "Continue").await;
    screen.get("textbox", "Username or email").await;
    screen.sees("Connection within this computer").await;
    app.close().await;
}

#[tokio::test]
async fn an_unencrypted_way_through_the_network_has_to_be_confirmed() {
    let stage = Stage::set("plain_http");
    let server = Server::start_on(&stage, &stage.disk().join("server/accounts.sqlite"), "0.0.0.0:0");
    let app = App::open(&stage).await;
    let screen = app.screen();
    // Reaches this computer, and is no loopback address: nothing tells it from another machine's.
    let address = format!("http://0.0.0.0:{}", server.address().port());
    screen.press("radio", "Connect to a server").await;
    screen.fill("Server URL", &address).await;
    screen.sees("This connection is not encrypted").await;
    screen.press("button", "Continue").await;
    screen.arrives_at("Connect without encryption?").await;
    assert_eq!(screen.focus().await, "button \"Cancel\"", "the harmless answer has the focus");
    screen.photograph("confirm").await;
    screen.press("button", "Cancel").await;
    screen.gone("heading", "Connect without encryption?").await;
    screen.arrives_at("Where is your account?").await;

    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Connect without encryption?").await;
    tab_to(screen, "button \"Connect without encryption\"").await;
    screen.key("Enter").await;
    screen.get("textbox", "Username or email").await;
    screen.sees("is not encrypted").await;
    app.close().await;
}

#[tokio::test]
async fn a_server_that_stops_is_waited_for() {
    let stage = Stage::set("stopped_server");
    let database = stage.disk().join("server/accounts.sqlite");
    let server = Server::start(&stage);
    let listen = server.address().to_string();
    ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    screen.press("button", "Edit profile").await;
    screen.fill("Location", "Bergen").await;

    // What is on the page stays, what was typed too, and sending says why it cannot.
    server.stop();
    screen.press("button", "Update User Information").await;
    screen.sees("You are offline").await;
    assert_eq!(screen.value("Location").await, "Bergen");
    screen.photograph("offline").await;
    // Without a mouse; what is tried keeps the focus, which goes to the page once the button goes.
    tab_to(screen, "button \"Try now\"").await;
    screen.key("Enter").await;
    screen.focused("button \"Try now\"").await;
    let server = Server::start_on(&stage, &database, &listen);
    // It is tried again by itself, too.
    screen.gone("button", "Try now").await;
    screen.focused("heading \"Edit profile\"").await;
    screen.press("button", "Update User Information").await;
    screen.sees("Profile updated").await;
    screen.sees("Bergen").await;
    app.close().await;

    // Starting without the server, and without anything that was seen before.
    server.stop();
    fs::remove_dir_all(stage.home().join(".local/share/app.latchkey.Latchkey/snapshots")).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at("The server cannot be reached").await;
    screen.photograph("unavailable").await;
    let _server = Server::start_on(&stage, &database, &listen);
    tab_to(screen, "button \"Try again\"").await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
    app.close().await;
}

#[tokio::test]
async fn two_accounts_on_two_places_live_side_by_side() {
    let stage = Stage::set("two_places");
    let server = Server::start(&stage);
    GRACE.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;

    ADA.opens_servers(screen, "This computer").await;
    screen.press("menuitem", "Add a server…").await;
    GRACE.begins_on(&server, screen).await;
    screen.press("button", GRACE.name).await;
    screen.press("menuitem", "Switch account").await;
    screen.photograph("switch-account").await;
    screen.press("menuitemradio", "Ada Lindqvist ada, This computer").await;
    screen.arrives_at(ADA.name).await;
    screen.get("button", "Server: This computer").await;
    app.close().await;

    // The last one used comes back, and the other is still signed in.
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    ADA.opens_servers(screen, "This computer").await;
    screen.press("menuitemradio", &server.label()).await;
    screen.arrives_at(GRACE.name).await;

    // Forgetting the server leaves the account on this computer alone.
    GRACE.opens_servers(screen, &server.label()).await;
    screen.press("menuitem", "Add a server…").await;
    screen.press("button", "Forget Latchkey").await;
    screen.press("button", "Forget server").await;
    screen.gone("radio", "Latchkey").await;
    screen.press("radio", "Use this computer").await;
    screen.press("button", "Continue").await;
    screen.arrives_at(ADA.name).await;
    app.close().await;
}
