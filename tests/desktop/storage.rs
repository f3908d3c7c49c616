//! Account data on this computer that cannot be used: the window says why, and nothing is lost.

use std::fs;

use crate::{app::App, person::ADA, stage::Stage};

#[tokio::test]
async fn a_damaged_database_is_named_and_left_alone() {
    let stage = Stage::set("storage");
    let app = App::open(&stage).await;
    ADA.begins_on_this_computer(app.screen()).await;
    app.close().await;

    let folder = stage.home().join(".local/share/app.latchkey.Latchkey/service");
    let database = folder.join("latchkey.sqlite");
    let intact = fs::read(&database).unwrap();
    let damaged = b"This is no database. ".repeat(500);
    fs::write(&database, &damaged).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at("Your account data is damaged").await;
    screen.photograph("damaged").await;
    assert_eq!(fs::read(&database).unwrap(), damaged, "nothing was written into it");

    // Put right, it opens without a new start, and the session is still there.
    fs::write(&database, intact).unwrap();
    screen.press("button", "Try again").await;
    screen.arrives_at(ADA.name).await;
    app.close().await;
}
