//! What is known about a device that signs in.

use latchkey_api::sessions::ClientInfo;
use latchkey_service::fuzzing::{Device, device};

/// The longest value that is kept, in characters.
const LONGEST: usize = 100;

/// The bytes are a `User-Agent`, and what an app says of itself.
///
/// - Every value is short, on one line, and none is empty.
/// - What an app says once more, as it was kept, is kept as it is.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let found = device(&text, None);
    bounded(&found);
    assert!(found.ip_address.is_none());
    if text.len() > 1024 {
        assert_eq!(found, Device::default());
    }
    assert_eq!(device(&text, None), found);

    let mut words = text.split('\n').map(str::to_owned);
    let client = ClientInfo {
        name: words.next(),
        version: words.next(),
        operating_system: words.next(),
        model: words.next(),
        engine: words.next(),
        cpu_architecture: words.next(),
    };
    let said = device("Mozilla/5.0", Some(client));
    bounded(&said);
    let again = ClientInfo {
        name: said.browser.clone(),
        version: said.browser_version.clone(),
        operating_system: said.operating_system.clone(),
        model: said.model.clone(),
        engine: said.engine.clone(),
        cpu_architecture: said.cpu_architecture.clone(),
    };
    assert_eq!(device("", Some(again)), said, "what was kept is kept as it is");
}

fn bounded(device: &Device) {
    let Device { browser, browser_version, operating_system, model, ip_address: _, engine, cpu_architecture } = device;
    for value in [browser, browser_version, operating_system, model, engine, cpu_architecture].into_iter().flatten() {
        assert!((1..=LONGEST).contains(&value.chars().count()), "{value:?}");
        assert!(!value.chars().any(char::is_control), "{value:?}");
        assert_eq!(value, value.trim());
    }
}
