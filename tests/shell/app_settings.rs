//! What the app does on this desktop beside its window: tray, start at login, notifications.

use std::{fs, sync::atomic::Ordering};

use latchkey::{
    commands::app_settings::{get_app_settings, set_app_setting},
    commands::outside,
};
use latchkey_api::desktop::{
    AppSetting, AppSettingName, AppSettings, NativeWords, NoArgs, SetAppSetting, SettingBlocked, ShellCode,
};
use latchkey_testkit::{Person, Wiring, World};

use crate::{
    desk::{Desk, soon},
    following::until_heard,
};

async fn stand(desk: &Desk) -> AppSettings {
    get_app_settings(desk, NoArgs {}).await.unwrap()
}

async fn sets(desk: &Desk, name: AppSettingName, on: bool) -> AppSettings {
    set_app_setting(desk, SetAppSetting { name, on }).await.unwrap()
}

const OFF: AppSetting = AppSetting { on: false, blocked: None };
const ON: AppSetting = AppSetting { on: true, blocked: None };

#[tokio::test]
async fn only_notifications_are_on_until_somebody_wants_more() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    assert_eq!(stand(&desk).await, AppSettings { tray: OFF, start_at_login: OFF, notifications: ON });
    assert!(desk.tray.words.lock().unwrap().is_none());
    assert!(!desk.home.path().join("settings.json").exists(), "nothing was chosen, nothing is written");
}

#[tokio::test]
async fn what_is_chosen_is_remembered() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    for name in [AppSettingName::Tray, AppSettingName::StartAtLogin] {
        sets(&desk, name, true).await;
    }
    let chosen = AppSettings { tray: ON, start_at_login: ON, notifications: OFF };
    assert_eq!(sets(&desk, AppSettingName::Notifications, false).await, chosen);
    assert_eq!(stand(&desk.restart()).await, chosen);
    let entry = desk.home.path().join(".config/autostart/app.latchkey.Latchkey.desktop");
    assert!(entry.exists());
    assert_eq!(sets(&desk, AppSettingName::StartAtLogin, false).await.start_at_login, OFF);
    assert!(!entry.exists());
}

#[tokio::test]
async fn the_entry_in_the_tray_speaks_the_language_of_the_page() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    let said = || desk.tray.words.lock().unwrap().as_ref().map(|words| words.tray.open.clone());
    let mut german = NativeWords::default();
    german.tray.open = "Latchkey öffnen".into();
    outside::use_words(&desk, german).await.unwrap();
    assert_eq!(said(), None, "words alone put nothing there");
    sets(&desk, AppSettingName::Tray, true).await;
    assert_eq!(said().as_deref(), Some("Latchkey öffnen"));
    outside::use_words(&desk, NativeWords::default()).await.unwrap();
    assert_eq!(said().as_deref(), Some("Open Latchkey"));
    sets(&desk, AppSettingName::Tray, false).await;
    assert_eq!(said(), None);
}

#[tokio::test]
async fn what_this_desktop_lacks_is_not_switched_on_and_can_be_switched_off() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    desk.tray.gone.store(true, Ordering::SeqCst);
    desk.notices.1.store(true, Ordering::SeqCst);
    let blocked = |on, why| AppSetting { on, blocked: Some(why) };
    let stand = sets(&desk, AppSettingName::Tray, true).await;
    assert_eq!(stand.tray, blocked(false, SettingBlocked::NoTray));
    assert_eq!(stand.notifications, blocked(true, SettingBlocked::NoNotifications));
    assert!(desk.tray.words.lock().unwrap().is_none());
    let stand = sets(&desk, AppSettingName::Notifications, false).await;
    assert_eq!(stand.notifications, blocked(false, SettingBlocked::NoNotifications));

    // One that was on where there is a tray stays chosen where there is none.
    desk.tray.gone.store(false, Ordering::SeqCst);
    sets(&desk, AppSettingName::Tray, true).await;
    desk.tray.gone.store(true, Ordering::SeqCst);
    assert_eq!(get_app_settings(&desk, NoArgs {}).await.unwrap().tray, blocked(true, SettingBlocked::NoTray));
    assert_eq!(sets(&desk, AppSettingName::Tray, false).await.tray, blocked(false, SettingBlocked::NoTray));
}

#[tokio::test]
async fn what_cannot_be_written_is_said_and_holds_until_the_app_ends() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    fs::create_dir(desk.home.path().join("settings.json")).unwrap();
    let on = SetAppSetting { name: AppSettingName::Tray, on: true };
    let refused = set_app_setting(&desk, on).await.unwrap_err();
    assert_eq!(refused.code, ShellCode::FileUnwritable.into());
    assert_eq!(stand(&desk).await.tray, ON);
    assert_eq!(stand(&desk.restart()).await.tray, OFF);
    // A file that somebody damaged chooses nothing.
    fs::remove_dir(desk.home.path().join("settings.json")).unwrap();
    fs::write(desk.home.path().join("settings.json"), "{\"tray\":true,").unwrap();
    assert_eq!(stand(&desk.restart()).await.tray, OFF);
}

#[tokio::test]
async fn nobody_is_notified_who_does_not_want_it() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::of(&world, "ada").await;
    let _following = desk.follows();
    until_heard(&world, &desk, "ada").await;
    sets(&desk, AppSettingName::Notifications, false).await;
    desk.notices.0.lock().unwrap().clear();
    desk.heard.pushes.lock().unwrap().clear();
    Person::signs_in(&*world.api, "ada").await;
    soon("the page hears of it", || !desk.heard.pushes.lock().unwrap().is_empty()).await;
    sets(&desk, AppSettingName::Notifications, true).await;
    Person::signs_in(&*world.api, "ada").await;
    soon("a notification", || !desk.notices.0.lock().unwrap().is_empty()).await;
    assert_eq!(desk.notices.0.lock().unwrap().len(), 1, "the one before is not made up for");
}

#[tokio::test]
async fn the_keys_that_close_and_quit_reach_the_window() {
    let world = World::new(Wiring::Direct).await;
    let desk = Desk::new(&world);
    outside::press_close(&desk, NoArgs {}).await.unwrap();
    outside::quit(&desk, NoArgs {}).await.unwrap();
    let (closed, quitted) = (&desk.window.closed, &desk.window.quitted);
    assert_eq!((closed.load(Ordering::SeqCst), quitted.load(Ordering::SeqCst)), (1, 1));
}
