//! What is asked for from outside of the window waits for the page, and is told it once.

use latchkey::{asked::Asked, commands::outside};
use latchkey_api::desktop::{NoArgs, Request, Section};
use latchkey_testkit::{Wiring, World};

use crate::{desk::Desk, fakes::Heard};

fn show(section: Section) -> Request {
    Request::ShowSection { section }
}

#[test]
fn the_newest_waits_until_the_page_listens() {
    let (asked, heard) = (Asked::default(), Heard::default());
    asked.ask(&heard, show(Section::Activity));
    asked.ask(&heard, show(Section::Sessions));
    assert!(heard.requests.lock().unwrap().is_empty(), "nobody would hear it");
    assert_eq!(asked.take(), Some(show(Section::Sessions)));
    assert_eq!(asked.take(), None);
    asked.ask(&heard, show(Section::Password));
    assert_eq!(*heard.requests.lock().unwrap(), [show(Section::Password)]);
    assert_eq!(asked.take(), None, "it was told");
}

#[tokio::test]
async fn nothing_waits_where_nothing_was_asked_for() {
    let desk = Desk::new(&World::new(Wiring::Direct).await);
    assert_eq!(outside::take_request(&desk, NoArgs {}).await.unwrap(), None);
    assert!(desk.heard.requests.lock().unwrap().is_empty());
}
