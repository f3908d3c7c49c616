//! What is known about the device that signs in: what an app says itself, or what a browser's user agent gives away.
//! What is not said is unknown, and is not guessed.

use latchkey_api::{common::Caller, sessions::ClientInfo};
use latchkey_store::Device;
use woothee::parser::Parser;

/// Longest stored value in characters; the rest is cut off.
const LONGEST: usize = 100;

/// The longest user agent that is looked at, in bytes.
const USER_AGENT: usize = 1024;

/// The device behind a request.
pub(crate) fn device(caller: &Caller, client: Option<ClientInfo>) -> Device {
    let ip_address = caller.address.map(|address| address.to_canonical().to_string());
    match client {
        Some(client) => Device {
            browser: text(client.name),
            browser_version: text(client.version),
            operating_system: text(client.operating_system),
            model: text(client.model),
            ip_address,
            engine: text(client.engine),
            cpu_architecture: text(client.cpu_architecture),
        },
        None => Device { ip_address, ..from_user_agent(caller.user_agent.as_deref().unwrap_or_default()) },
    }
}

fn text(value: Option<String>) -> Option<String> {
    let value: String = value?.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn from_user_agent(agent: &str) -> Device {
    let none = Device::default();
    if agent.len() > USER_AGENT {
        return none;
    }
    // What parses as a browser; otherwise the first product of RFC 9110 section 10.1.5, as in `curl/8.5.0`.
    let Some(found) = Parser::new().parse(agent).filter(|found| !matches!(found.category, "crawler" | "misc")) else {
        let product = agent.split_ascii_whitespace().next().unwrap_or_default();
        let (name, version) = product.split_once('/').unwrap_or((product, ""));
        return Device { browser: known(name), browser_version: known(version), ..none };
    };
    let (os, model) = match found.os {
        "iPhone" | "iPad" | "iPod" => ("iOS", Some(found.os.to_owned())),
        "Mac OSX" => ("macOS", None),
        other => (other, None),
    };
    let operating_system = match (known(os), known(&found.os_version)) {
        (Some(name), Some(version)) => text(Some(format!("{name} {version}"))),
        (name, _) => name,
    };
    Device {
        browser: known(found.name),
        browser_version: known(found.version),
        operating_system,
        model,
        engine: engine(agent),
        cpu_architecture: architecture(agent).map(str::to_owned),
        ..none
    }
}

fn known(value: &str) -> Option<String> {
    (!value.is_empty() && value != "UNKNOWN").then(|| value.to_owned()).and_then(|value| text(Some(value)))
}

/// Browsers name their engine as a product; Chromium's says `AppleWebKit` for old times' sake.
fn engine(agent: &str) -> Option<String> {
    let version_of = |product: &str| {
        let rest = agent.split_once(product)?.1;
        rest.split([' ', ';', ')']).next().filter(|version| !version.is_empty())
    };
    if let Some(version) = version_of("Chrome/").or_else(|| version_of("Chromium/")) {
        return text(Some(format!("Blink {version}")));
    }
    if let Some(version) = version_of("Firefox/") {
        return text(Some(format!("Gecko {version}")));
    }
    version_of("AppleWebKit/").and_then(|version| text(Some(format!("WebKit {version}"))))
}

fn architecture(agent: &str) -> Option<&'static str> {
    let says = |words: &[&str]| words.iter().any(|word| agent.contains(word));
    if says(&["aarch64", "arm64", "ARM64"]) {
        Some("arm64")
    } else if says(&["x86_64", "Win64", "WOW64", "x64", "amd64"]) {
        Some("amd64")
    } else if says(&["i686", "i386"]) {
        Some("386")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(text: &str) -> [Option<String>; 5] {
        let d = from_user_agent(text);
        [d.browser, d.browser_version, d.operating_system, d.engine, d.cpu_architecture]
    }

    fn seen(values: [&str; 5]) -> [Option<String>; 5] {
        values.map(|value| (!value.is_empty()).then(|| value.to_owned()))
    }

    #[test]
    fn browsers_and_tools_are_told_apart() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0";
        assert_eq!(agent(firefox), seen(["Firefox", "147.0", "Linux", "Gecko 147.0", "amd64"]));
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.1 Mobile/15E148 Safari/604.1";
        assert_eq!(agent(safari), seen(["Safari", "18.1", "iOS 18.1", "WebKit 605.1.15", ""]));
        assert_eq!(agent("curl/8.5.0"), seen(["curl", "8.5.0", "", "", ""]));
        assert_eq!(agent(""), seen([""; 5]));
    }

    #[test]
    fn nothing_of_a_hostile_agent_grows() {
        assert_eq!(from_user_agent(&"x".repeat(2000)), Device::default());
        let client = ClientInfo { name: Some("a\u{7}b".repeat(500)), ..ClientInfo::default() };
        let name = device(&Caller::default(), Some(client)).browser.unwrap();
        assert_eq!(name, "ab".repeat(50));
    }
}
