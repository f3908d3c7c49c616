//! Everything with the keyboard alone: no test here touches the mouse.

use image::RgbImage;

use crate::{
    app::App,
    avatar, keyboard_keys,
    native_dialog::NativeDialog,
    person::{ADA, Person},
    screen::Screen,
    stage::Stage,
};

#[tokio::test]
async fn the_main_job_needs_no_mouse() {
    let stage = Stage::set("keyboard");
    let picture = stage.home().join("picture.png");
    RgbImage::from_fn(900, 600, |x, y| image::Rgb([(x / 4) as u8, (y / 3) as u8, 90])).save(&picture).unwrap();
    let app = App::open(&stage).await;
    let screen = app.screen();

    screen.arrives_at("Where is your account?").await;
    tab_to(screen, "radio \"Use this computer\"").await;
    screen.key(" ").await;
    tab_to(screen, "button \"Continue\"").await;
    screen.key("Enter").await;
    creates_account(screen, &ADA).await;

    everywhere(screen).await;
    menus(screen).await;
    edit(&stage, screen, &picture).await;
    keyboard_keys::api_keys(&stage, screen).await;
    keyboard_keys::ssh_keys(&stage, screen).await;
    about_the_app(screen).await;
    app.close().await;
}

/// Fills in and sends the form *Create account*.
pub(crate) async fn creates_account(screen: &Screen, person: &Person) {
    screen.arrives_at("Create account").await;
    screen.focused("textbox \"Name\"").await;
    for (field, text) in
        [("Name", person.name), ("Username", person.username), ("Email", person.email), ("Password", person.password)]
    {
        tab_to(screen, &format!("textbox \"{field}\"")).await;
        screen.type_text(text).await;
    }
    screen.key("Enter").await;
    screen.arrives_at(person.name).await;
}

/// Keys that work everywhere.
async fn everywhere(screen: &Screen) {
    screen.key("Control+,").await;
    screen.arrives_at("Password").await;
    screen.focused("heading \"Password\"").await;
    for pane in ["navigation", "sections", "content", "navigation"] {
        screen.key("F6").await;
        let inside = format!("return !!document.activeElement.closest('[data-pane={pane}]')");
        screen.until(&format!("the focus is in the {pane}"), &inside).await;
    }
    screen.key("Control+Shift+p").await;
    screen.arrives_at(ADA.name).await;
    screen.key("Control+1").await;
    screen.arrives_at("Password").await;

    let text_size = |percent: u32| {
        format!("return getComputedStyle(document.documentElement).fontSize === '{}px'", f64::from(percent) * 0.16)
    };
    screen.key("Control++").await;
    screen.until("the text is larger", &text_size(110)).await;
    screen.key("Control+-").await;
    screen.key("Control+-").await;
    screen.until("the text is smaller", &text_size(90)).await;
    screen.key("Control+0").await;
    screen.until("the text has its usual size", &text_size(100)).await;

    // Reading anew keeps the page where it is; the window itself is never loaded again.
    screen.run("window.stillHere = true", vec![]).await;
    for chord in ["Control+r", "F5"] {
        screen.key(chord).await;
        screen.arrives_at("Password").await;
    }
    screen.until("the window was not loaded again", "return window.stillHere === true").await;
    screen.key("Control+Shift+p").await;
    screen.arrives_at(ADA.name).await;
}

/// Menus open with Enter, move with arrows and letters, and give the focus back.
async fn menus(screen: &Screen) {
    tab_to(screen, &format!("button \"{}\"", ADA.name)).await;
    screen.key("Enter").await;
    screen.focused("menuitem \"Profile\"").await;
    screen.key("ArrowDown").await;
    screen.focused("menuitem \"Account\"").await;
    screen.key("End").await;
    screen.focused("menuitem \"Sign out\"").await;
    screen.type_text("sw").await;
    screen.focused("menuitem \"Switch account\"").await;
    screen.key("Escape").await;
    screen.gone("menu", "Account menu").await;
    screen.focused(&format!("button \"{}\"", ADA.name)).await;

    // The theme is in the menu too.
    screen.key("ArrowDown").await;
    screen.key("d").await;
    screen.key("Home").await;
    for _ in 0..3 {
        screen.key("ArrowDown").await;
    }
    screen.focused("menuitemradio \"Light\"").await;
    screen.key("ArrowRight").await;
    screen.focused("menuitemradio \"Dark\"").await;
    screen.key("Enter").await;
    screen.until("the theme is dark", "return document.documentElement.dataset.theme === 'dark'").await;
    screen.key("Escape").await;
    screen.gone("menu", "Account menu").await;
}

/// Edits the profile and the avatar.
async fn edit(stage: &Stage, screen: &Screen, picture: &std::path::Path) {
    tab_to(screen, "button \"Edit profile\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Edit profile").await;
    tab_to(screen, "button \"Select Image\"").await;
    screen.key("Enter").await;
    let dialog = NativeDialog::titled(stage, "Select Image");
    dialog.point_at(picture);
    dialog.accept();
    screen.arrives_at("Crop avatar").await;
    screen.focused("application \"Image, zoom 100 percent. Arrow keys move it.\"").await;
    screen.key("+").await;
    screen.sees("110%").await;
    let before = avatar::place_of_picture(screen).await;
    screen.key("Shift+ArrowLeft").await;
    let after = avatar::place_of_picture(screen).await;
    assert!((after.0 - before.0 + 10.0).abs() < 0.5, "with Shift by ten pixels: {before:?} {after:?}");
    screen.key("-").await;
    screen.sees("100%").await;
    screen.key("Enter").await;
    screen.sees("Avatar updated").await;
    screen.gone("heading", "Crop avatar").await;
    screen.focused("button \"Select Image\"").await;

    // Esc goes back, and asks when something would be lost.
    tab_to(screen, "textbox \"Location\"").await;
    screen.type_text("Bergen").await;
    screen.key("Escape").await;
    screen.arrives_at("Discard your changes?").await;
    screen.focused("button \"Keep editing\"").await;
    screen.key("Escape").await;
    screen.gone("heading", "Discard your changes?").await;
    assert_eq!(screen.value("Location").await, "Bergen");

    // Enter is a new line in the bio, Ctrl+Enter sends.
    tab_to(screen, "textbox \"Bio\"").await;
    screen.type_text("One").await;
    screen.key("Enter").await;
    screen.type_text("two").await;
    assert_eq!(screen.value("Bio").await, "One\ntwo");
    screen.key("Control+Enter").await;
    screen.sees("Profile updated").await;
    screen.arrives_at(ADA.name).await;
    screen.sees("Bergen").await;

    // And the picture goes again.
    tab_to(screen, "button \"Edit profile\"").await;
    screen.key("Enter").await;
    tab_to(screen, "button \"Remove\"").await;
    screen.key("Enter").await;
    screen.arrives_at("Remove your avatar?").await;
    tab_to(screen, "button \"Remove\"").await;
    screen.key("Enter").await;
    screen.gone("heading", "Remove your avatar?").await;
    screen.until("the initials are back", "return !document.querySelector('main .ava img')").await;
    tab_to(screen, "button \"Back to profile\"").await;
    screen.key("Enter").await;
    screen.arrives_at(ADA.name).await;
}

/// What the app is to do on this desktop, what it is made of, and its documentation.
async fn about_the_app(screen: &Screen) {
    screen.key("Control+Shift+,").await;
    tab_to(screen, "switch \"Notifications\"").await;
    screen.key(" ").await;
    let off = "return document.activeElement.ariaChecked === 'false' && document.activeElement.ariaBusy !== 'true'";
    screen.until("notifications are off", off).await;
    screen.key("Escape").await;
    screen.gone("heading", "App settings").await;

    chooses(screen, &ADA, "Settings and help").await;
    screen.key("End").await;
    screen.focused("menuitem \"About Latchkey\"").await;
    screen.key("Enter").await;
    screen.arrives_at("About Latchkey").await;
    tab_to(screen, "button \"Show packages and licences\"").await;
    screen.key("Enter").await;
    screen.focused("searchbox \"Search packages\"").await;
    screen.type_text("serde_json").await;
    screen.sees("1 package").await;
    screen.key("ArrowDown").await;
    screen.key("Enter").await;
    screen.get("group", "Licence of serde_json").await;
    screen.key("Escape").await;
    screen.gone("heading", "About Latchkey").await;

    chooses(screen, &ADA, "API documentation").await;
    screen.arrives_at("API documentation").await;
    tab_to(screen, "searchbox \"Search the documentation\"").await;
    screen.type_text("read the profile").await;
    tab_to(screen, "button \"GET Read the profile /v1/me\"").await;
    screen.key("Enter").await;
    tab_to(screen, "button \"Copy the line\"").await;
}

/// Chooses an entry of the menu behind the avatar.
pub(crate) async fn chooses(screen: &Screen, person: &Person, entry: &str) {
    tab_to(screen, &format!("button \"{}\"", person.name)).await;
    screen.key("Enter").await;
    screen.focused("menuitem \"Profile\"").await;
    down_to(screen, &format!("menuitem \"{entry}\"")).await;
    screen.key("Enter").await;
}

/// Presses Tab until something has the focus. It is there after at most two rounds through the page.
pub(crate) async fn tab_to(screen: &Screen, wanted: &str) {
    tab_until(screen, wanted, |focus| focus == wanted).await;
}

/// Presses Tab until what has the focus is `wanted`, and looks at everything on the way: nothing may lie over what has the
/// focus (WCAG 2.2, 2.4.11).
pub(crate) async fn tab_until(screen: &Screen, what: &str, wanted: impl Fn(&str) -> bool) {
    let mut passed = Vec::new();
    for _ in 0..80 {
        let focus = screen.focus().await;
        assert!(screen.focus_is_seen().await, "{focus} has the focus and cannot be seen");
        if wanted(&focus) {
            return;
        }
        passed.push(focus);
        screen.key("Tab").await;
    }
    panic!("Tab does not come to {what}: {passed:?}");
}

/// Presses the arrow until something of a menu has the focus; behind the last comes the first.
pub(crate) async fn down_to(screen: &Screen, wanted: &str) {
    for _ in 0..20 {
        if screen.focus().await == wanted {
            return;
        }
        screen.key("ArrowDown").await;
    }
    panic!("arrows do not come to {wanted}");
}
