//! What the app says about itself and this computer when somebody signs in.

use std::{fs, path::Path};

use latchkey_api::sessions::ClientInfo;

/// The name of the app in a list of sessions.
const APP: &str = "Latchkey";

/// Describes this computer. What cannot be found out stays unsaid.
pub fn describe(version: &str) -> ClientInfo {
    ClientInfo {
        name: Some(APP.into()),
        version: Some(version.into()),
        operating_system: operating_system(),
        model: model(Path::new("/sys/class/dmi/id")),
        engine: engine(),
        cpu_architecture: Some(architecture(std::env::consts::ARCH).into()),
    }
    .clipped()
}

/// The `User-Agent` header of the app.
pub fn user_agent(version: &str) -> String {
    format!("{APP}/{version} ({}; {})", std::env::consts::OS, architecture(std::env::consts::ARCH))
}

/// What this computer is called, up to the first dot.
pub fn computer() -> String {
    // rustc has no call for it; Linux says it in a file.
    let kernel = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = kernel.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    let name = name.as_deref().and_then(|name| name.trim().split('.').next()).filter(|name| !name.is_empty());
    name.unwrap_or("This computer").chars().take(100).collect()
}

trait Clipped {
    fn clipped(self) -> Self;
}

impl Clipped for ClientInfo {
    /// The contract takes 100 characters a field; a long model name must not keep anybody from signing in.
    fn clipped(mut self) -> Self {
        let fields = [
            &mut self.name,
            &mut self.version,
            &mut self.operating_system,
            &mut self.model,
            &mut self.engine,
            &mut self.cpu_architecture,
        ];
        for text in fields.into_iter().flatten() {
            *text = text.chars().filter(|c| !c.is_control()).take(100).collect();
        }
        self
    }
}

fn operating_system() -> Option<String> {
    if cfg!(target_os = "linux") {
        let release = fs::read_to_string("/etc/os-release").or_else(|_| fs::read_to_string("/usr/lib/os-release"));
        return Some(release.ok().as_deref().and_then(system_name).unwrap_or_else(|| "Linux".into()));
    }
    match std::env::consts::OS {
        "macos" => Some("macOS".into()),
        "windows" => Some("Windows".into()),
        _ => None,
    }
}

/// `NAME` with `VERSION_ID`, or else `PRETTY_NAME`, which may add a code name, out of an os-release file (os-release(5)).
fn system_name(release: &str) -> Option<String> {
    let field = |key: &str| {
        let value = release.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))?.trim();
        let value = value.trim_matches(['"', '\'']).replace('\\', "");
        (!value.is_empty()).then_some(value)
    };
    match (field("NAME"), field("VERSION_ID")) {
        (Some(name), Some(version)) => Some(format!("{name} {version}")),
        (name, _) => field("PRETTY_NAME").or(name),
    }
}

/// Vendor and product from the firmware's tables (DMI), where they name something.
fn model(dmi: &Path) -> Option<String> {
    let field = |name: &str| {
        let text = fs::read_to_string(dmi.join(name)).ok()?;
        let text = text.trim();
        (!is_placeholder(text)).then(|| text.to_owned())
    };
    let vendor = field("sys_vendor");
    // Lenovo keeps a number where others keep the product's name, and the name in the version.
    let product = match vendor.as_deref() {
        Some("LENOVO") => field("product_version").or_else(|| field("product_name")),
        _ => field("product_name"),
    };
    match (vendor, product) {
        (Some(vendor), Some(product)) if product.to_lowercase().starts_with(&vendor.to_lowercase()) => Some(product),
        (Some(vendor), Some(product)) => Some(format!("{vendor} {product}")),
        (None, product) => product,
        (Some(_), None) => None,
    }
}

/// Boards that were never given a name say one of these.
fn is_placeholder(text: &str) -> bool {
    let text = text.to_lowercase();
    text.is_empty()
        || text.starts_with("to be filled")
        || ["default string", "system product name", "system manufacturer", "not applicable", "not specified"]
            .contains(&text.as_str())
        || ["none", "n/a", "o.e.m.", "oem", "unknown", "invalid", "0", "x.x"].contains(&text.as_str())
}

fn engine() -> Option<String> {
    let version = tauri::webview_version().ok()?;
    let name = match std::env::consts::OS {
        "windows" => "WebView2",
        "macos" => "WebKit",
        _ => "WebKitGTK",
    };
    Some(format!("{name} {version}"))
}

/// The names packages use, which more people know than the compiler's.
fn architecture(rust: &str) -> &str {
    match rust {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "i386",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_os_release_file_gives_a_name_with_version() {
        let debian = "NAME=\"Debian GNU/Linux\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\n";
        assert_eq!(system_name(debian).as_deref(), Some("Debian GNU/Linux 12"));
        assert_eq!(system_name("NAME=Arch\n").as_deref(), Some("Arch"));
        assert_eq!(system_name("NAME='Void'\nVERSION_ID=7\nPRETTY_NAME=\"\"").as_deref(), Some("Void 7"));
        assert_eq!(system_name("# nothing\n"), None);
    }

    #[test]
    fn the_firmware_names_the_model_unless_it_was_never_filled_in() {
        let table = |fields: &[(&str, &str)]| {
            let folder = tempfile::tempdir().unwrap();
            for (name, text) in fields {
                fs::write(folder.path().join(name), format!("{text}\n")).unwrap();
            }
            model(folder.path())
        };
        let lenovo = [
            ("sys_vendor", "LENOVO"),
            ("product_name", "21CBS0AB00"),
            ("product_version", "ThinkPad X1 Carbon Gen 10"),
        ];
        assert_eq!(table(&lenovo).as_deref(), Some("LENOVO ThinkPad X1 Carbon Gen 10"));
        let hp = [("sys_vendor", "HP"), ("product_name", "HP EliteBook 840 G8")];
        assert_eq!(table(&hp).as_deref(), Some("HP EliteBook 840 G8"));
        let board = [("sys_vendor", "To Be Filled By O.E.M."), ("product_name", "Default string")];
        assert_eq!(table(&board), None);
        assert_eq!(table(&[("sys_vendor", "Acme")]), None);
        assert_eq!(table(&[]), None);
    }

    #[test]
    fn a_long_name_is_cut_to_what_the_contract_takes() {
        let info = ClientInfo { model: Some(format!("a\n{}", "é".repeat(200))), ..ClientInfo::default() }.clipped();
        assert_eq!(info.model.map(|text| text.chars().count()), Some(100));
    }

    #[test]
    fn this_computer_is_described() {
        let info = describe("1.2.3");
        assert_eq!((info.name.as_deref(), info.version.as_deref()), (Some("Latchkey"), Some("1.2.3")));
        assert!(info.operating_system.is_some_and(|name| !name.is_empty()));
        assert!(["amd64", "arm64"].contains(&info.cpu_architecture.as_deref().unwrap()));
        assert!(user_agent("1.2.3").starts_with("Latchkey/1.2.3 ("));
    }
}
