//! The window in German and in Arabic: said in that language, from its own side, and with room for its words.

use latchkey_desktop_testkit::output_of;

use crate::{app::App, axe, layout, person::ADA, stage::Stage};

/// The title of each dialog about the app, with the keys to it or its place in the menu.
const DIALOGS: [[&str; 2]; 3] = [
    ["App-Einstellungen", "إعدادات التطبيق"],
    ["Tastenkürzel", "اختصارات لوحة المفاتيح"],
    ["Über Latchkey", "حول Latchkey"],
];

/// The menu that leads to them.
const MENU: [&str; 2] = ["Einstellungen und Hilfe", "الإعدادات والمساعدة"];

/// The title of each section in German and in Arabic, in the order of their keys.
const SECTIONS: [[&str; 2]; 10] = [
    ["Passwort", "كلمة المرور"],
    ["Zwei-Faktor-Authentifizierung", "المصادقة الثنائية"],
    ["API-Schlüssel", "مفاتيح API"],
    ["Sitzungen", "الجلسات"],
    ["Sicherheitsprüfung", "الفحص الأمني"],
    ["SSH-Schlüssel", "مفاتيح SSH"],
    ["Quellcode-Integration", "تكامل الشيفرة المصدرية"],
    ["Container-Registrys", "سجلات الحاويات"],
    ["Aktivität", "النشاط"],
    ["Konto löschen", "حذف الحساب"],
];

#[tokio::test]
async fn every_section_is_said_in_the_language_that_was_chosen_and_fits() {
    let stage = Stage::set("languages");
    let app = App::open(&stage).await;
    let screen = app.screen();
    screen.arrives_at("Where is your account?").await;
    ADA.begins_on_this_computer(screen).await;
    let mut menu = "Language";
    for (column, (language, code, direction, next)) in
        [("Deutsch", "de", "ltr", "Sprache"), ("العربية", "ar", "rtl", "اللغة")].into_iter().enumerate()
    {
        ADA.chooses(screen, menu).await;
        screen.press("menuitemradio", language).await;
        let changed = format!(
            "return document.documentElement.lang === '{code}' && document.documentElement.dir === '{direction}'"
        );
        screen.until("the language has changed", &changed).await;
        for (width, height) in [(1120, 760), (760, 560)] {
            screen.resize(width, height).await;
            for (number, titles) in SECTIONS.iter().enumerate() {
                screen.open_section(number + 1).await;
                screen.arrives_at(titles[column]).await;
                let page = format!("{language}, {}, {width}", titles[column]);
                axe::finds_nothing(screen, &page).await;
                assert_eq!(layout::troubles(screen).await, "", "{page}");
                screen.photograph(&format!("{code}-{width}-{}", number + 1)).await;
                screen.set_text_size(200).await;
                assert_eq!(layout::troubles(screen).await, "", "{page}, text of twice its size");
                screen.set_text_size(100).await;
            }
            for (number, titles) in DIALOGS.iter().enumerate() {
                ADA.chooses(screen, MENU[column]).await;
                for _ in 0..=number {
                    screen.key("ArrowDown").await;
                }
                screen.key("Enter").await;
                screen.arrives_at(titles[column]).await;
                let dialog = format!("{language}, {}, {width}", titles[column]);
                screen.settle().await;
                axe::finds_nothing(screen, &dialog).await;
                assert_eq!(layout::troubles(screen).await, "", "{dialog}");
                screen.photograph(&format!("{code}-{width}-dialog-{}", number + 1)).await;
                screen.key("Escape").await;
                screen.gone("heading", titles[column]).await;
            }
        }
        screen.resize(1120, 760).await;
        menu = next;
    }
    app.close().await;

    let app = App::open(&stage).await;
    app.screen().until("the choice is remembered", "return document.documentElement.lang === 'ar'").await;
    app.screen().arrives_at(ADA.name).await;
    app.close().await;
}

/// Keys and fingerprints run to the right in every language; in Arabic they begin at the right edge, as what is around them.
#[tokio::test]
async fn from_right_to_left_keys_stand_where_what_they_belong_to_does() {
    let stage = Stage::set("languages_keys");
    let file = stage.home().join("key");
    output_of(stage.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "desk", "-f"]).arg(&file));
    let app = App::open(&stage).await;
    let screen = app.screen();
    ADA.begins_on_this_computer(screen).await;
    ADA.opens(screen, "API keys").await;
    screen.press("button", "Generate API Key").await;
    screen.get("button", "Copy personal API key").await;
    ADA.opens(screen, "SSH keys").await;
    screen.press("button", "Add key").await;
    let key = std::fs::read_to_string(file.with_extension("pub")).unwrap();
    screen.fill("Public key", key.trim_end()).await;
    screen.sees("ED25519,").await;
    screen.press("textbox", "Name").await;
    screen.key("Enter").await;
    screen.get("button", "Remove desk").await;
    ADA.chooses(screen, "Language").await;
    screen.press("menuitemradio", "العربية").await;
    screen.until("the language has changed", "return document.documentElement.dir === 'rtl'").await;
    let right = |one: &str| {
        format!(
            "(() => {{ const r = document.createRange(); r.selectNodeContents(document.querySelector('{one}')); return r.getBoundingClientRect().right; }})()"
        )
    };
    let fingerprint = format!("return Math.abs({} - {}) < 2", right("li .fingerprint .back"), right("li .main b bdi"));
    screen.until("the fingerprint ends below the name", &fingerprint).await;
    screen.open_section(3).await;
    screen.arrives_at(SECTIONS[2][1]).await;
    let edge = "document.querySelector('.copyfield').getBoundingClientRect().right";
    let shown = format!("return {edge} - {} < 20", right(".copyfield code span"));
    screen.until("the key begins at the edge of its field", &shown).await;
    app.close().await;
}
