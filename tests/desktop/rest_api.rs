//! The REST API of the service in the app, for the programs of this computer.

use std::net::{Ipv4Addr, TcpListener};

use crate::{
    accessibility, app::App, clipboard, curl::Curl, gallery::Gallery, person::ADA, screen::Screen, secrets,
    stage::Stage,
};

/// The name of the switch.
const SWITCH: &str = "REST API on this computer";

#[tokio::test]
async fn it_is_switched_on_found_again_and_switched_off() {
    let stage = Stage::set("rest_api");
    let gallery = Gallery::new(&stage);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.sees("Personal API key generated").await;
    screen.press("button", "Copy personal API key").await;
    let key = clipboard::becomes(&stage, "UTF8_STRING", |text| text.starts_with("lk_")).await;
    assert!(!screen.has("button", "Copy address").await, "it is off until somebody wants it");

    screen.press("switch", SWITCH).await;
    let url = address(&stage, screen).await;
    let curl = Curl::new(&stage, &url, &key);
    let me = curl.me();
    assert_eq!((me.status, &me.json()["username"]), (200, &ADA.username.into()));
    // A page of the web that was pointed at this computer calls it by its own name.
    assert_eq!(curl.ask("/v1/me", &["-H", "Host: example.org"]).status, 404);
    assert_eq!(Curl::new(&stage, &url, "lk_nobody").me().status, 401);
    screen.run("document.getElementById('rest-api').scrollIntoView()", vec![]).await;
    screen.is_rid_of_toast().await;
    gallery.hang(screen, "rest-api").await;
    accessibility::check(screen, "REST API").await;
    app.close().await;
    assert!(curl.is_refused(), "it ends with the app");

    // It is on again at the same port with the next start.
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at(ADA.name).await;
    ADA.opens(screen, "API keys").await;
    assert_eq!(address(&stage, screen).await, url);
    assert_eq!(curl.me().status, 200);

    // Off, nobody answers, and another program may have the port.
    screen.press("switch", SWITCH).await;
    screen.gone("button", "Copy address").await;
    assert!(curl.is_refused(), "it is off");
    let port: u16 = url.rsplit(':').next().unwrap().parse().unwrap();
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    screen.press("switch", SWITCH).await;
    screen.sees(&format!("Port {port} is taken")).await;
    screen.photograph("taken").await;
    accessibility::check(screen, "REST API, port taken").await;

    // Another port is found; the taken one is refused at its field.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let moved = free.local_addr().unwrap().port();
    drop(free);
    screen.fill("Port", &moved.to_string()).await;
    screen.press("button", "Use this port").await;
    assert_eq!(address(&stage, screen).await, format!("http://127.0.0.1:{moved}"));
    screen.fill("Port", &port.to_string()).await;
    screen.press("button", "Use this port").await;
    let complaint = screen.complaint_of("textbox", "Port").await;
    assert!(complaint.contains(&format!("Another program uses port {port}.")), "{complaint}");
    let curl = Curl::new(&stage, &format!("http://127.0.0.1:{moved}"), &key);
    assert_eq!(curl.me().status, 200, "it stays where it was");
    drop(other);
    app.close().await;
    secrets::no_file_holds(&stage, &[&key]);
    gallery.publish(&["rest-api"]);
}

/// Where the window says it is, by way of the clipboard.
async fn address(stage: &Stage, screen: &Screen) -> String {
    screen.press("button", "Copy address").await;
    clipboard::becomes(stage, "UTF8_STRING", |text| text.starts_with("http://127.0.0.1:")).await
}
