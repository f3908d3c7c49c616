//! One story, through the router in process and through a socket.

use bytes::Bytes;
use latchkey_api::{
    AccountApi,
    avatar::{AvatarPath, AvatarSize},
    common::{Caller, PageQuery},
    problem::ErrorCode,
    profile::{IfMatch, ProfilePatch},
    sessions::{SessionPath, SignIn},
    wire::{Secret, Upload},
};
use latchkey_client::Client;
use latchkey_server::{Connections, Limits, in_process, router};

use crate::{toy::toy, wire::listen};

async fn story(api: &dyn AccountApi, address: Option<&str>) {
    let nobody = Caller { user_agent: Some("Story/1".into()), ..Caller::default() };
    let sign_in = |password: &str| SignIn { login: "ada".into(), password: Secret::new(password), client: None };
    assert_eq!(api.get_instance(&nobody).await.unwrap().name, "Toy");
    assert_eq!(api.sign_in(&nobody, sign_in("wrong")).await.unwrap_err().code(), ErrorCode::InvalidCredentials);
    let often = api.sign_in(&nobody, sign_in("often")).await.unwrap_err();
    assert_eq!((often.code(), often.body().members.retry_after), (ErrorCode::TooManyRequests, Some(42)));
    assert_eq!(often.body().request_id.as_ref().unwrap().len(), 36);
    let signed_in = api.sign_in(&nobody, sign_in("right")).await.unwrap();
    assert_eq!(signed_in.session.browser.as_deref(), Some("Story/1"));
    assert_eq!(signed_in.session.ip_address.as_deref(), address);

    let ada = Caller::with_token(signed_in.token.expose());
    let refused = api.list_sessions(&nobody, PageQuery::default()).await.unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Unauthenticated);
    let query = PageQuery { limit: Some(5), after: Some("a&b=c +%".into()) };
    let page = api.list_sessions(&ada, query).await.unwrap();
    assert_eq!((page.items.len(), page.next.unwrap().as_str()), (1, r#"Some(5)/Some("a&b=c +%")"#));
    api.get_session(&ada, SessionPath { id: "a b/ü?".into() }).await.unwrap();
    let missing = api.get_session(&ada, SessionPath { id: "zz".into() }).await.unwrap_err();
    assert_eq!(missing.code(), ErrorCode::NotFound);
    api.close_session(&ada, SessionPath { id: "current".into() }).await.unwrap();
    assert_eq!(api.close_other_sessions(&ada).await.unwrap().closed, 3);

    let read = api.get_profile(&ada).await.unwrap();
    let patch = ProfilePatch { name: Some("Ada L".into()), ..ProfilePatch::default() };
    let if_match = IfMatch { if_match: read.etag };
    let changed = api.update_profile(&ada, if_match.clone(), patch.clone()).await.unwrap();
    assert_eq!(changed.value.name, "Ada L");
    let stale = api.update_profile(&ada, if_match, patch).await.unwrap_err();
    assert_eq!(stale.code(), ErrorCode::Stale);

    let upload = |length| Upload { media_type: "image/png".into(), bytes: Bytes::from(vec![0; length]) };
    assert_eq!(api.put_avatar(&ada, upload(2_000_000)).await.unwrap().value.name, "2000000");
    let huge = api.put_avatar(&ada, upload(300_000_000)).await.unwrap_err();
    assert_eq!(huge.code(), ErrorCode::BodyTooLarge);
    let text = Upload { media_type: "text/plain".into(), bytes: Bytes::from_static(b"x") };
    assert_eq!(api.put_avatar(&ada, text).await.unwrap_err().code(), ErrorCode::UnsupportedMediaType);
    let whose = AvatarPath { username: "ada/../x".into(), size: Some(AvatarSize::Medium) };
    let avatar = api.get_avatar(&nobody, whose).await.unwrap();
    assert_eq!((avatar.media_type.as_str(), &avatar.bytes[..]), ("image/svg+xml", &b"<svg>128</svg>"[..]));
}

#[tokio::test]
async fn in_process_and_without_an_address() {
    story(&Client::in_process(in_process(router(toy()))), None).await;
}

#[tokio::test]
async fn over_a_socket_and_with_an_address() {
    let address = listen(toy(), Limits::default(), Connections::default()).await;
    let client = Client::remote(&format!("http://{address}").parse().unwrap(), "unused").unwrap();
    story(&client, Some("127.0.0.1")).await;
}
