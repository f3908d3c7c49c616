//! The settings of the app on this computer.

use latchkey_api::desktop::{AppSetting, AppSettingName, AppSettings, Failure, NoArgs, SetAppSetting, SettingBlocked};

use crate::{blocking::blocking, login_start, state::AppState};

/// Says how they stand.
pub async fn get_app_settings(app: &AppState, _: NoArgs) -> Result<AppSettings, Failure> {
    let chosen = app.chosen.now();
    let tools = app.parts.tools.clone();
    let login = blocking(move || Ok(login_start::status(&tools)));
    let (tray, notifications, login) = tokio::join!(app.parts.tray.available(), app.parts.notifier.available(), login);
    let other = |there: bool, why| if cfg!(target_os = "linux") { (!there).then_some(why) } else { Some(OTHER) };
    Ok(AppSettings {
        tray: AppSetting { on: chosen.tray, blocked: other(tray, SettingBlocked::NoTray) },
        start_at_login: login?,
        notifications: AppSetting {
            on: chosen.notifications,
            blocked: other(notifications, SettingBlocked::NoNotifications),
        },
    })
}

const OTHER: SettingBlocked = SettingBlocked::OtherSystem;

/// Switches one. What cannot be had is not switched on: the answer says why.
pub async fn set_app_setting(app: &AppState, args: SetAppSetting) -> Result<AppSettings, Failure> {
    let stand = get_app_settings(app, NoArgs {}).await?;
    let setting = match args.name {
        AppSettingName::Tray => stand.tray,
        AppSettingName::StartAtLogin => stand.start_at_login,
        AppSettingName::Notifications => stand.notifications,
    };
    if args.on && setting.blocked.is_some() {
        return Ok(stand);
    }
    match args.name {
        AppSettingName::Tray => {
            let changed = app.chosen.change(|chosen| chosen.tray = args.on);
            if args.on {
                app.parts.tray.show(app.words.now()).await;
            } else {
                app.parts.tray.hide().await;
            }
            changed?;
        }
        AppSettingName::StartAtLogin => {
            let tools = app.parts.tools.clone();
            blocking(move || login_start::set(&tools, args.on)).await?;
        }
        AppSettingName::Notifications => app.chosen.change(|chosen| chosen.notifications = args.on)?,
    }
    get_app_settings(app, NoArgs {}).await
}
