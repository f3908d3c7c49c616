//! Servers: looking at one, choosing it, forgetting it.

use latchkey::{
    commands::{account, documentation, outside, place},
    places::LOCAL,
};
use latchkey_api::{
    common::Caller,
    desktop::{CheckServer, ChoosePlace, NoArgs, Phase, PlaceArgs, ServerFound, ShellCode, Transport},
    instance::SignUpPolicy,
    problem::ErrorCode,
    profile::ProfileApi,
};
use latchkey_testkit::{Wiring, World, sign_up};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::desk::Desk;

async fn check(desk: &Desk, address: &str) -> Result<ServerFound, latchkey_api::desktop::Failure> {
    place::check_server(desk, CheckServer { address: address.into() }).await
}

/// Something on a port that answers every request so.
async fn stranger(answer: &'static str) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    origin
}

#[tokio::test]
async fn a_server_says_what_it_is_before_it_is_chosen() {
    let world = World::with(Wiring::Socket).settings(|settings| settings.name = "Engine Works".into()).build().await;
    let desk = Desk::new(&world);
    let origin = world.origin.clone().unwrap();
    let found = check(&desk, &format!(" {origin}/ ")).await.unwrap();
    assert_eq!((found.origin.as_str(), found.name.as_str()), (origin.as_str(), "Engine Works"));
    assert_eq!((found.sign_up, found.transport), (SignUpPolicy::Open, Transport::Loopback));
    // Without a scheme, a server on this computer is found without encryption too.
    assert_eq!(check(&desk, origin.strip_prefix("http://").unwrap()).await.unwrap().origin, origin);
    assert!(desk.view().place.is_none(), "looking is not choosing");

    let view = desk.chooses(&origin).await.unwrap();
    assert_eq!(view.place.unwrap().name, "Engine Works");
    assert_eq!(desk.signed_out(), (None, None));
}

#[tokio::test]
async fn what_is_no_server_of_ours_says_so_and_the_window_stays() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.first_view().await;
    let web = stranger("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nhello").await;
    let ssh = stranger("SSH-2.0-OpenSSH_9.2\r\n").await;
    for (address, code) in [
        (web.as_str(), ErrorCode::NotLatchkey),
        (ssh.as_str(), ErrorCode::NotLatchkey),
        ("http://127.0.0.1:1", ErrorCode::Offline),
    ] {
        assert_eq!(check(&desk, address).await.unwrap_err().code, code.into(), "{address}");
        assert_eq!(desk.chooses(address).await.unwrap_err().code, code.into(), "{address}");
    }
    let refused = check(&desk, "https://ada:secret@example.org").await.unwrap_err();
    assert_eq!(refused.code, ShellCode::AddressInvalid.into());
    assert!(matches!(desk.view().phase, Phase::FirstRun) && desk.view().places.is_empty());
}

#[tokio::test]
async fn an_unencrypted_server_elsewhere_needs_the_persons_word() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    // An address of the documentation range: nothing is asked before the person agreed.
    let refused = desk.chooses("http://192.0.2.7").await.unwrap_err();
    assert_eq!(refused.code, ShellCode::AddressInsecure.into());
}

#[tokio::test]
async fn several_servers_and_this_computer_are_kept_apart() {
    let home = World::new(Wiring::Direct).await;
    let work = World::new(Wiring::Socket).await;
    let origin = work.origin.clone().unwrap();
    let desk = Desk::of(&home, "ada").await;
    desk.chooses(&origin).await.unwrap();
    account::create_account(&desk, sign_up("ada")).await.unwrap();
    let view = desk.view();
    assert_eq!(view.accounts.len(), 2);
    let order: Vec<_> = view.places.iter().map(|place| place.id.as_str()).collect();
    assert_eq!(order, [origin.as_str(), LOCAL]);

    let before = desk.profile().profile.id;
    desk.chooses(LOCAL).await.unwrap();
    assert_ne!(desk.profile().profile.id, before);
    desk.chooses(&origin).await.unwrap();
    assert_eq!(desk.profile().profile.id, before);
    outside::open_api_documentation(&desk, NoArgs {}).await.unwrap();
    assert_eq!(*desk.browser.opened.lock().unwrap(), [format!("{origin}/docs")]);
    let documented = documentation::get_api_documentation(&desk, NoArgs {}).await.unwrap();
    assert_eq!((documented.placeholder, &documented.origin), (false, &origin));

    let again = desk.restart();
    again.first_view().await;
    assert_eq!(again.profile().profile.id, before);
}

#[tokio::test]
async fn a_forgotten_server_takes_its_session_and_token_along() {
    let home = World::new(Wiring::Direct).await;
    let work = World::new(Wiring::Socket).await;
    let origin = work.origin.clone().unwrap();
    let desk = Desk::of(&home, "ada").await;
    desk.chooses(&origin).await.unwrap();
    account::create_account(&desk, sign_up("bob")).await.unwrap();
    let key = latchkey::places::AccountKey { place: origin.clone(), username: "bob".into() };
    let token = desk.keychain.token(&key).await.unwrap();

    let view = place::forget_place(&desk, PlaceArgs { id: origin.clone() }).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada", "the other place is shown");
    assert_eq!((view.places.len(), view.accounts.len()), (1, 1));
    assert_eq!(desk.keychain.token(&key).await, None);
    let caller = Caller::with_token(token.expose());
    assert_eq!(work.service.get_profile(&caller).await.unwrap_err().code(), ErrorCode::SessionClosed);

    let view = place::forget_place(&desk, PlaceArgs { id: LOCAL.into() }).await.unwrap();
    assert!(matches!(view.phase, Phase::FirstRun) && view.places.is_empty());
    let view = place::forget_place(&desk, PlaceArgs { id: origin }).await.unwrap();
    assert!(matches!(view.phase, Phase::FirstRun));
}

#[tokio::test]
async fn a_known_server_that_is_down_is_unavailable_and_another_can_be_chosen() {
    let home = World::new(Wiring::Direct).await;
    let desk = Desk::of(&home, "ada").await;
    let origin = {
        let work = World::new(Wiring::Socket).await;
        let origin = work.origin.clone().unwrap();
        desk.chooses(&origin).await.unwrap();
        origin
    };
    let view = place::choose_place(&desk, ChoosePlace { id: origin, accept_plain: false }).await.unwrap();
    assert_eq!(desk.unavailable().code, ErrorCode::Offline.into());
    assert_eq!(view.places.len(), 2);
    desk.chooses(LOCAL).await.unwrap();
    assert_eq!(desk.profile().profile.username, "ada");
}
