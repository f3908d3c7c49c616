//! The code an authenticator app should show while it is set up.

use chrono::{DateTime, TimeDelta, Utc};
use latchkey::{commands::two_factor, expected_code::expected_code};
use latchkey_api::{
    desktop::{ExpectedCodeArgs, NoArgs, VerifyTwoFactorArgs},
    problem::ErrorCode,
    wire::Secret,
};
use latchkey_service::{Clock, SystemClock};
use latchkey_testkit::{Wiring, World};

use crate::desk::Desk;

/// The secret of RFC 6238 appendix B, `12345678901234567890`, in base 32.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn uri(more: &str) -> Secret {
    Secret::new(format!("otpauth://totp/Northwind:ada?secret={SECRET}&issuer=Northwind{more}"))
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

#[test]
fn the_codes_are_those_of_the_standard_in_the_form_the_uri_says() {
    let shown = |more: &str, seconds| {
        let found = expected_code(&uri(more), at(seconds), None).unwrap();
        (found.code.expose().to_owned(), found.seconds_left)
    };
    assert_eq!(shown("&algorithm=SHA1&digits=6&period=30", 59), ("287082".into(), 1));
    assert_eq!(shown("", 60).1, 30, "six digits for thirty seconds, where nothing is said");
    assert_eq!(shown("", 1_111_111_109), ("081804".into(), 1), "a code may begin with a nought");
    assert_eq!(shown("&digits=8", 59), ("94287082".into(), 1));
    assert_eq!(shown("&period=60", 119), shown("&period=60", 119));
    assert_eq!(shown("&period=60", 90), (shown("", 59).0, 30), "its second step");
}

#[test]
fn another_uri_has_no_code() {
    for other in ["&algorithm=SHA256", "&digits=5", "&digits=40", "&digits=x", "&period=0", "&period=301", "&period=-1"]
    {
        assert!(expected_code(&uri(other), at(59), None).is_none(), "{other}");
    }
    for other in ["", "otpauth://hotp/a?secret=GEZDGNBV", "https://totp/a?secret=GEZDGNBV", "otpauth://totp/a?secret=1"]
    {
        assert!(expected_code(&Secret::new(other), at(59), None).is_none(), "{other}");
    }
}

#[test]
fn the_service_compares_by_its_own_clock_and_how_far_this_one_is_off_is_said() {
    let service = at(1_111_111_109);
    for off in [-86_400, -3, 0, 40, 3_600] {
        let found = expected_code(&uri(""), service + TimeDelta::seconds(off), Some(service)).unwrap();
        assert_eq!((found.code.expose(), found.seconds_left), ("081804", 1), "{off}");
        assert_eq!(found.clock_ahead.map(i64::from), Some(off));
    }
    assert_eq!(expected_code(&uri(""), service, None).unwrap().clock_ahead, None);
}

#[tokio::test]
async fn the_expected_code_switches_it_on_and_from_then_on_there_is_none() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let setup = two_factor::start_two_factor(&desk, NoArgs {}).await.unwrap();
    let ask = || ExpectedCodeArgs { otpauth_uri: setup.otpauth_uri.clone() };
    let expected = two_factor::get_expected_code(&desk, ask()).await.unwrap();
    assert_eq!(expected.clock_ahead, None, "the service in the app has the clock of this computer");
    assert!(!format!("{expected:?}").contains(expected.code.expose()), "it does not get into a log");
    let code = expected.code;
    two_factor::verify_two_factor(&desk, VerifyTwoFactorArgs { code }).await.unwrap();
    let after = two_factor::get_expected_code(&desk, ask()).await.unwrap_err();
    assert_eq!(after.code, ErrorCode::Conflict.into());
}

#[tokio::test]
async fn a_server_tells_its_time_with_its_answer() {
    let world = World::new(Wiring::Socket).await;
    let desk = Desk::new(&world);
    desk.chooses(&world.origin.clone().unwrap()).await.unwrap();
    latchkey::commands::account::create_account(&desk, latchkey_testkit::sign_up("ada")).await.unwrap();
    let setup = two_factor::start_two_factor(&desk, NoArgs {}).await.unwrap();
    let ask = || ExpectedCodeArgs { otpauth_uri: setup.otpauth_uri.clone() };
    // What a server writes into its answers is the real time, whatever the clocks of these tests say.
    desk.clock.advance(SystemClock.now() - desk.clock.now() + TimeDelta::hours(1));
    let ahead = two_factor::get_expected_code(&desk, ask()).await.unwrap().clock_ahead.unwrap();
    assert!((3_500..=3_605).contains(&ahead), "{ahead}");
    desk.clock.advance(TimeDelta::hours(-2));
    let behind = two_factor::get_expected_code(&desk, ask()).await.unwrap().clock_ahead.unwrap();
    assert!((-3_700..=-3_595).contains(&behind), "{behind}");
}
