//! The window in German and in Arabic: said in that language, from its own side, and with room for its words.

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
