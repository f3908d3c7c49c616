//! The REST API of the service in the app, for the programs of this computer.

use std::{fs, net::SocketAddr};

use latchkey::{
    commands::{account, documentation, outside, place, rest_api},
    places::LOCAL,
};
use latchkey_api::{
    desktop::{Failure, NoArgs, PlaceArgs, RestApi, SetRestApi},
    problem::{ErrorCode, FieldCode},
};
use latchkey_testkit::{Wiring, World, sign_up};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{desk::Desk, ssh_keys::at};

async fn sets(desk: &Desk, enabled: bool, port: Option<u16>) -> Result<RestApi, Failure> {
    rest_api::set_rest_api(desk, SetRestApi { enabled, port }).await
}

async fn status(desk: &Desk) -> RestApi {
    rest_api::get_rest_api(desk, NoArgs {}).await.unwrap()
}

/// What is answered to a request with these header lines.
async fn ask(port: u16, line: &str, headers: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    stream.write_all(format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

#[tokio::test]
async fn it_is_off_until_it_is_switched_on_and_keeps_its_port_from_then_on() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    assert_eq!(status(&desk).await, RestApi { enabled: false, port: None, url: None, failure: None });
    assert!(!desk.home.path().join("rest-api.json").exists());
    let none = outside::open_api_documentation(&desk, NoArgs {}).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::NotFound.into());
    assert!(documentation::get_api_documentation(&desk, NoArgs {}).await.unwrap().placeholder);

    let on = sets(&desk, true, None).await.unwrap();
    let port = on.port.unwrap();
    assert_eq!((on.url.as_deref(), on.failure), (Some(&*format!("http://127.0.0.1:{port}")), None));
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let answer = ask(port, "GET /v1/instance", &host).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"sign_up\""), "{answer}");
    assert!(ask(port, "GET /v1/me", &host).await.unwrap().starts_with("HTTP/1.1 401 "));
    outside::open_api_documentation(&desk, NoArgs {}).await.unwrap();
    assert_eq!(*desk.browser.opened.lock().unwrap(), [format!("http://127.0.0.1:{port}/docs")]);
    let documented = documentation::get_api_documentation(&desk, NoArgs {}).await.unwrap();
    assert_eq!((documented.placeholder, documented.origin), (false, format!("http://127.0.0.1:{port}")));
    assert_eq!(sets(&desk, true, None).await.unwrap().port, Some(port), "twice is once");

    let off = sets(&desk, false, None).await.unwrap();
    assert_eq!(off, RestApi { enabled: false, port: Some(port), url: None, failure: None });
    assert!(ask(port, "GET /v1/instance", &host).await.is_err(), "nobody listens");
    assert_eq!(sets(&desk, true, None).await.unwrap().port, Some(port));

    // The app ends, and starts again.
    desk.rest.close().await;
    assert!(ask(port, "GET /v1/instance", &host).await.is_err());
    let again = desk.restart();
    again.first_view().await;
    again.rest.resume().await;
    assert!(ask(port, "GET /v1/instance", &host).await.unwrap().starts_with("HTTP/1.1 200 "));
    assert_eq!(status(&again).await.port, Some(port));
    again.rest.close().await;
}

#[tokio::test]
async fn pages_of_the_web_are_kept_out() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let port = sets(&desk, true, None).await.unwrap().port.unwrap();
    for host in
        [format!("Host: rebound.example:{port}\r\n"), String::new(), "Host: 127.0.0.1.rebound.example\r\n".into()]
    {
        let answer = ask(port, "GET /v1/instance", &host).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(!answer.contains("sign_up"));
    }
    for line in ["GET /v1/instance", "OPTIONS /v1/me", "POST /v1/sessions"] {
        let headers = format!(
            "Host: localhost:{port}\r\nOrigin: https://page.example\r\nAccess-Control-Request-Method: PATCH\r\n\
             Content-Type: text/plain\r\nContent-Length: 0\r\n"
        );
        let answer = ask(port, line, &headers).await.unwrap().to_lowercase();
        assert!(!answer.contains("access-control-"), "{answer}");
    }
    desk.rest.close().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_and_another_one_can_be_chosen() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = other.local_addr().unwrap().port();
    for port in [0, 80, 1023] {
        assert_eq!(at(&sets(&desk, true, Some(port)).await.unwrap_err()), ("/port", FieldCode::Invalid));
    }
    assert!(!status(&desk).await.enabled);

    let refused = sets(&desk, true, Some(taken)).await.unwrap();
    assert_eq!((refused.enabled, refused.port, &refused.url), (true, Some(taken), &None));
    let detail = refused.failure.clone().unwrap().detail.unwrap();
    assert_eq!(detail, format!("Another program uses port {taken}. Choose another one."));
    let again = desk.restart();
    again.first_view().await;
    again.rest.resume().await;
    assert_eq!(status(&again).await, refused, "it is said again at the next start");

    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let moved = sets(&again, true, Some(free)).await.unwrap();
    assert_eq!((moved.port, moved.url.is_some(), moved.failure), (Some(free), true, None));
    // While it runs, what is taken changes nothing.
    assert_eq!(at(&sets(&again, true, Some(taken)).await.unwrap_err()), ("/port", FieldCode::Taken));
    assert!(status(&again).await.url.unwrap().ends_with(&free.to_string()));
    drop(other);
    assert_eq!(sets(&again, true, Some(taken)).await.unwrap().port, Some(taken));
    assert!(ask(free, "GET /v1/instance", "Host: localhost\r\n").await.is_err(), "the one before is let go of");
    again.rest.close().await;
}

#[tokio::test]
async fn a_server_has_its_own() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::new(&world);
    desk.chooses(world.origin.as_ref().unwrap()).await.unwrap();
    let refused = sets(&desk, true, None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotFound.into());
    assert!(!status(&desk).await.enabled);
}

#[tokio::test]
async fn it_is_seen_and_switched_off_from_anywhere_and_goes_with_this_computer() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::of(&world, "ada").await;
    let on = sets(&desk, true, None).await.unwrap();
    desk.chooses(world.origin.as_ref().unwrap()).await.unwrap();
    assert_eq!(status(&desk).await, on, "it goes on, and that is seen");
    assert!(!sets(&desk, false, None).await.unwrap().enabled);

    desk.chooses(LOCAL).await.unwrap();
    let port = sets(&desk, true, None).await.unwrap().port.unwrap();
    desk.chooses(world.origin.as_ref().unwrap()).await.unwrap();
    place::forget_place(&desk, PlaceArgs { id: LOCAL.into() }).await.unwrap();
    assert!(!status(&desk).await.enabled);
    assert!(ask(port, "GET /v1/instance", "Host: localhost\r\n").await.is_err(), "nobody listens");
    let again = desk.restart();
    again.rest.resume().await;
    assert_eq!(status(&again).await.url, None);
}

#[tokio::test]
async fn nobody_creates_an_account_through_it_and_the_window_still_does() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let port = sets(&desk, true, None).await.unwrap().port.unwrap();
    let body = r#"{"username":"mallory","name":"M","email":"m@example.org","password":"correct otters dance"}"#;
    let headers = format!(
        "Host: localhost:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let answer = ask(port, "POST /v1/accounts", &headers).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 ") && answer.contains("sign_up_closed"), "{answer}");
    account::add_account(&desk, NoArgs {}).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    desk.rest.close().await;
}

#[tokio::test]
async fn a_switch_that_cannot_be_remembered_says_so() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    fs::create_dir(desk.home.path().join("rest-api.json")).unwrap();
    let failure = sets(&desk, true, None).await.unwrap_err();
    assert!(failure.detail.unwrap().contains("It holds until Latchkey ends."));
    let on = status(&desk).await;
    let port = on.port.unwrap();
    assert!(on.enabled && on.url.is_some(), "what is served is shown as on");
    assert!(ask(port, "GET /v1/instance", "Host: localhost\r\n").await.unwrap().starts_with("HTTP/1.1 200 "));
    sets(&desk, false, None).await.unwrap_err();
    let off = status(&desk).await;
    assert_eq!((off.enabled, off.url), (false, None), "and what is not served as off");
    assert!(ask(port, "GET /v1/instance", "Host: localhost\r\n").await.is_err());
}
