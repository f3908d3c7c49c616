//! Leaving for good.

use crate::{
    app::App, gallery::Gallery, keychain, native_dialog::NativeDialog, person::ADA, secrets, server::Server,
    stage::Stage,
};

#[tokio::test]
async fn nothing_of_the_person_is_left() {
    let stage = Stage::set("deletion");
    let gallery = Gallery::new(&stage);
    let server = Server::start(&stage);
    let script = ADA.joins(&server);
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on(&server, screen).await;
    ADA.opens(screen, "Activity").await;
    screen.sees("Signed in").await;
    gallery.hang(screen, "activity").await;
    ADA.opens(screen, "Delete account").await;
    screen.sees("This cannot be undone").await;
    gallery.hang(screen, "delete-account").await;

    screen.press("button", "Download everything Latchkey holds about you").await;
    let dialog = NativeDialog::titled(&stage, "Save your data");
    let copy = stage.home().join("mine.json");
    dialog.save_as(&copy);
    screen.sees("mine.json").await;
    let export: serde_json::Value = serde_json::from_slice(&std::fs::read(&copy).unwrap()).unwrap();
    assert_eq!(export["profile"]["email"], ADA.email);
    assert!(export["events"].as_array().unwrap().len() > 2);
    std::fs::remove_file(&copy).unwrap();

    screen.fill("Type your username to confirm", ADA.username).await;
    screen.fill("Password", "seven small otters sing").await;
    // The sidebar has a button of that name, too: the form is sent from its field.
    screen.key("Enter").await;
    screen.arrives_at("Delete the account ada?").await;
    screen.press("button", "Delete account").await;
    screen.complaint_of("textbox", "Password").await;
    screen.fill("Password", ADA.password).await;
    screen.key("Enter").await;
    screen.arrives_at("Delete the account ada?").await;
    screen.press("button", "Delete account").await;
    screen.arrives_at(&format!("Sign in to {}", "Latchkey")).await;
    screen.sees("Your account was deleted").await;
    gallery.hang(screen, "deleted").await;
    assert_eq!(script.get("/v1/me").status, 401);
    assert!(!keychain::search_all(&stage, "service", "latchkey").contains("lks_"));
    app.close().await;
    server.stop();

    let database = stage.disk().join("server");
    let holders: Vec<_> =
        secrets::holders(&stage, ADA.email).into_iter().filter(|f| f.starts_with(&database)).collect();
    assert_eq!(holders, Vec::<std::path::PathBuf>::new());
    let holders: Vec<_> = secrets::holders(&stage, ADA.name).into_iter().filter(|f| f.starts_with(&database)).collect();
    assert_eq!(holders, Vec::<std::path::PathBuf>::new());
    gallery.publish(&["activity", "delete-account"]);
}
