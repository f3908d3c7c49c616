//! What clients of the registry ask for.

use latchkey_api::registry::MAX_REGISTRY_SCOPES;
use latchkey_service::fuzzing::registry_access;

const HOST: &str = "registry.example.com:5000";

/// The first line is a user name, each further one a `scope` parameter.
///
/// - Granted is only `pull` and `push`, each once, and only below the person's own name.
/// - What was granted is granted again when just that is asked for, and as much in any order.
/// - Another person gets nothing of it.
///
/// # Panics
/// When something of it does not hold.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let username = lines.next().unwrap_or_default();
    let scopes: Vec<String> = lines.map(str::to_owned).collect();
    let words = scopes.iter().flat_map(|scope| scope.split(' ')).filter(|word| !word.is_empty()).count();
    let Ok(granted) = registry_access(&scopes, username, HOST) else {
        return assert!(words.max(scopes.len()) > MAX_REGISTRY_SCOPES, "only too many are refused");
    };
    let own = format!("{}/", username.to_ascii_lowercase());
    let mut names = Vec::new();
    let mut once_more = Vec::new();
    for access in &granted {
        assert_eq!(access["type"], "repository");
        let name = access["name"].as_str().expect("a name");
        assert!(name.starts_with(&own) && name.len() <= 255 && name.len() > own.len(), "{name} is not of {username}");
        assert!(name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"._-/".contains(&c)), "{name}");
        assert!(!name.split('/').any(|part| part.is_empty() || part == "." || part == ".."), "{name}");
        assert!(!names.contains(&name), "each repository stands there once");
        names.push(name);
        let actions: Vec<_> = access["actions"].as_array().into_iter().flatten().filter_map(|a| a.as_str()).collect();
        assert!([&["pull"][..], &["push"], &["pull", "push"]].contains(&&*actions), "{actions:?}");
        once_more.push(format!("repository:{name}:{}", actions.join(",")));
    }
    assert_eq!(registry_access(&once_more, username, HOST).ok().as_ref(), Some(&granted));
    let sorted = |scopes: &[String]| {
        let mut granted = registry_access(scopes, username, HOST).unwrap_or_default();
        granted.sort_by_key(ToString::to_string);
        granted
    };
    let backwards: Vec<_> = scopes.iter().rev().cloned().collect();
    assert_eq!(sorted(&backwards), sorted(&scopes), "the order does not matter");
    let stranger = format!("{}x", username.trim_end_matches(['.', '_', '-']));
    assert_eq!(registry_access(&once_more, &stranger, HOST).ok(), Some(Vec::new()), "{stranger}");
}
