//! What a client of the registry asks for, and what of it is granted.
//!
//! A scope is `repository:NAME:ACTIONS` (CNCF distribution, token scope documentation), with several of them between
//! spaces. Granted is what somebody asks for below their own name, and there `pull` and `push`; everything else, also
//! what cannot be read, is left out of the token without a word, as the specification has it.

use latchkey_api::problem::{ApiResult, ErrorCode, Problem};
use latchkey_api::registry::MAX_REGISTRY_SCOPES;
use serde::Serialize;

/// What a token allows in one repository, as it stands in the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Access {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    actions: Vec<&'static str>,
}

/// What anybody may do in their own namespace.
const ACTIONS: [&str; 2] = ["pull", "push"];

/// The longest name of a repository (distribution, package `reference`).
const NAME_LENGTH: usize = 255;

/// What is granted of what is asked for, each repository once. `host` is the registry's own, which may stand before a
/// name.
pub(crate) fn granted(scopes: &[String], username: &str, host: &str) -> ApiResult<Vec<Access>> {
    let scopes = split(scopes)?;
    let mut granted: Vec<Access> = Vec::new();
    let Some(namespace) = namespace(username) else { return Ok(granted) };
    for scope in scopes {
        let Some((name, asked)) = read(scope, host) else { continue };
        if !name.strip_prefix(&namespace).is_some_and(|rest| rest.starts_with('/')) {
            continue;
        }
        let known = granted.iter().position(|access| access.name == name);
        let mut actions = known.map(|at| granted[at].actions.clone()).unwrap_or_default();
        actions.extend(asked);
        let actions: Vec<_> = ACTIONS.into_iter().filter(|action| actions.contains(action)).collect();
        match known {
            Some(at) => granted[at].actions = actions,
            None if actions.is_empty() => {}
            None => granted.push(Access { kind: "repository", name: name.into(), actions }),
        }
    }
    Ok(granted)
}

/// The part before the first `/` of what somebody may call their own: the user name in lower case. Not every user name
/// is one that a repository can have, such as `ada..b`; then there is none.
pub(crate) fn namespace(username: &str) -> Option<String> {
    let namespace = username.to_ascii_lowercase();
    is_component(&namespace).then_some(namespace)
}

/// The single scopes: a parameter may hold several.
fn split(scopes: &[String]) -> ApiResult<Vec<&str>> {
    let parameters = scopes.len();
    let scopes: Vec<_> = scopes.iter().flat_map(|text| text.split(' ')).filter(|scope| !scope.is_empty()).collect();
    let most = parameters.max(scopes.len());
    if most > MAX_REGISTRY_SCOPES {
        let detail = format!("There are {most} scopes; at most {MAX_REGISTRY_SCOPES} are taken at a time.");
        return Err(Problem::new(ErrorCode::InvalidParameter).detail(detail));
    }
    Ok(scopes)
}

/// The repository and what is to be done there, of what somebody may be granted at all. The name ends before the last
/// colon, because there may be one before a port.
fn read<'a>(scope: &'a str, host: &str) -> Option<(&'a str, Vec<&'static str>)> {
    let (name, asked) = scope.strip_prefix("repository:")?.rsplit_once(':')?;
    let name = match name.split_once('/') {
        // With a port it can be nothing but a host; without one it is the first part of the name. Another host's
        // repositories are not this registry's.
        Some((before, rest)) if before.contains(':') => before.eq_ignore_ascii_case(host).then_some(rest)?,
        _ => name,
    };
    if name.len() > NAME_LENGTH || !name.split('/').all(is_component) {
        return None;
    }
    let actions = ACTIONS.into_iter().filter(|known| asked.split(',').any(|action| action == *known)).collect();
    Some((name, actions))
}

/// `[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*` (distribution, package `reference`, `path-component`).
fn is_component(text: &str) -> bool {
    let outer = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    outer(*first)
        && outer(*last)
        && bytes
            .split(|c| outer(*c))
            .all(|between| matches!(between, b"" | b"." | b"_" | b"__") || between.iter().all(|c| *c == b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOST: &str = "registry.example.org:5000";

    fn access(scopes: &[&str], username: &str) -> Vec<(String, String)> {
        let scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let granted = granted(&scopes, username, HOST).unwrap();
        granted.into_iter().map(|access| (access.name, access.actions.join(","))).collect()
    }

    fn one(scope: &str, username: &str) -> Option<(String, String)> {
        access(&[scope], username).pop()
    }

    fn is(name: &str, actions: &str) -> (String, String) {
        (name.into(), actions.into())
    }

    #[test]
    fn own_names_are_granted_and_nothing_else() {
        assert_eq!(one("repository:ada/hello:pull", "ada"), Some(is("ada/hello", "pull")));
        assert_eq!(one("repository:ada/hello:push,pull", "Ada"), Some(is("ada/hello", "pull,push")));
        assert_eq!(one("repository:ada/a/b-c/d__e:pull,push,delete,*", "ada"), Some(is("ada/a/b-c/d__e", "pull,push")));
        assert_eq!(one("repository:registry.example.org:5000/ada/x:pull", "ada"), Some(is("ada/x", "pull")));
        for scope in [
            "repository:ada:pull",
            "repository:ada/:pull",
            "repository:ada/hello:",
            "repository:ada/hello:delete",
            "repository:ada/hello:PULL",
            "repository:ada/hello: pull",
            "repository:ada/hello",
            "repository:bob/hello:pull",
            "repository:adam/hello:pull",
            "repository:library/hello:pull",
            "repository:Ada/hello:pull",
            "repository:ada/Hello:pull",
            "repository:ada//hello:pull",
            "repository:ada/../bob/hello:pull",
            "repository:/ada/hello:pull",
            "repository:ada/hello:v1:pull",
            "repository:elsewhere.example.org:5000/ada/x:pull",
            "repository:registry.example.org/ada/x:pull",
            "repository(plugin):ada/hello:pull",
            "registry:catalog:*",
            "registry:ada/hello:pull",
            "",
            ":",
            "::",
            "ada/hello:pull",
        ] {
            assert_eq!(one(scope, "ada"), None, "{scope}");
        }
    }

    #[test]
    fn several_come_in_one_parameter_or_in_many() {
        let scopes = ["repository:ada/x:pull  repository:bob/y:push", "repository:ada/x:push", "repository:ada/z:push"];
        assert_eq!(access(&scopes, "ada"), [is("ada/x", "pull,push"), is("ada/z", "push")]);
    }

    #[test]
    fn who_cannot_name_a_repository_has_no_namespace() {
        for (username, of) in
            [("Ada.L", Some("ada.l")), ("a-1", Some("a-1")), ("a__b", Some("a__b")), ("a--b", Some("a--b"))]
        {
            assert_eq!(namespace(username).as_deref(), of, "{username}");
        }
        for username in ["a..b", "a_.b", "a___b", "a.-b", "", "-a", "a-"] {
            assert_eq!(namespace(username), None, "{username}");
            assert_eq!(one(&format!("repository:{username}/x:pull"), username), None, "{username}");
        }
    }

    #[test]
    fn the_number_is_bounded_and_what_is_too_long_is_left_out() {
        let many = |number| vec!["repository:ada/x:pull".to_owned(); number];
        assert_eq!(granted(&many(MAX_REGISTRY_SCOPES), "ada", HOST).unwrap().len(), 1);
        assert!(granted(&many(MAX_REGISTRY_SCOPES + 1), "ada", HOST).is_err());
        assert!(granted(&[many(MAX_REGISTRY_SCOPES + 1).join(" ")], "ada", HOST).is_err());
        assert!(granted(&vec![String::new(); MAX_REGISTRY_SCOPES + 1], "ada", HOST).is_err());
        assert_eq!(one(&format!("repository:ada/{}:pull", "x".repeat(252)), "ada"), None);
        assert!(one(&format!("repository:ada/{}:pull", "x".repeat(251)), "ada").is_some());
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_what_is_granted_is_ones_own(
            scopes in prop::collection::vec("(repository:)?[a-zA-Z0-9./:_-]{0,20}(ada|bob)?[a-z0-9/:.,_-]{0,40}( repository:ada/x)?(:pull|:push|,push)?", 0..8),
            username in "[a-zA-Z0-9][a-zA-Z0-9._-]{0,6}[a-zA-Z0-9]|ada|bob",
        ) {
            let key = username.to_ascii_lowercase();
            for access in granted(&scopes, &username, HOST).unwrap() {
                let (owner, rest) = access.name.split_once('/').unwrap();
                prop_assert_eq!(owner, &key);
                prop_assert!(!rest.is_empty() && access.name.len() <= NAME_LENGTH);
                prop_assert!(access.name.split('/').all(is_component), "{}", access.name);
                prop_assert!(!access.actions.is_empty() && access.actions.iter().all(|action| ACTIONS.contains(action)));
            }
        }

        #[test]
        fn what_is_well_formed_and_ones_own_is_granted(
            owner in "[a-z0-9]{1,4}([._-][a-z0-9]{1,4}){0,2}",
            rest in "[a-z0-9]{1,4}((__|-{1,3}|[./_])[a-z0-9]{1,4}){0,4}",
            host in prop::sample::select(vec!["", "registry.example.org:5000/", "REGISTRY.example.org:5000/"]),
        ) {
            let found = one(&format!("repository:{host}{owner}/{rest}:pull"), &owner.to_ascii_uppercase());
            prop_assert_eq!(found, Some(is(&format!("{owner}/{rest}"), "pull")));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _ = granted(&[text], "ada", HOST);
        }
    }
}
