//! What requests are named by in the log and in figures: the operations of the contract, and what is beside it.
//!
//! A name never comes from a request: what is asked for in vain has one name, whatever it was.

use std::{collections::HashMap, sync::LazyLock};

use axum::extract::MatchedPath;
use http::Method;
use latchkey_api::{activity::STREAM_EVENTS, endpoints, registry::REGISTRY_TOKEN_PATH};

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The operation id of the document, or a name of the same form; `-` for what is none.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// The template of its path.
    pub route: &'static str,
}

/// What is asked for where nothing is, or by a method that is not there.
const NONE: Operation = Operation { id: "-", method: "-", route: "-" };

const OUTSIDE: [Operation; 7] = [
    Operation { id: STREAM_EVENTS.meta.id, method: "GET", route: STREAM_EVENTS.meta.path },
    Operation { id: "get_registry_token", method: "GET", route: REGISTRY_TOKEN_PATH },
    Operation { id: "post_registry_token", method: "POST", route: REGISTRY_TOKEN_PATH },
    Operation { id: "health_live", method: "GET", route: "/health/live" },
    Operation { id: "health_ready", method: "GET", route: "/health/ready" },
    Operation { id: "openapi_document", method: "GET", route: "/openapi.json" },
    Operation { id: "documentation", method: "GET", route: "/docs" },
];

/// All of them, the one for what is none at the end.
pub(crate) struct Operations {
    all: Vec<Operation>,
    /// Their places, by the route.
    by_route: HashMap<&'static str, Vec<usize>>,
}

static OPERATIONS: LazyLock<Operations> = LazyLock::new(|| {
    let of_the_contract = endpoints().map(|endpoint| {
        let meta = endpoint.meta;
        Operation { id: meta.id, method: meta.method.as_str(), route: meta.path }
    });
    let mut all: Vec<_> = of_the_contract.chain(OUTSIDE).collect();
    let mut by_route: HashMap<_, Vec<_>> = HashMap::new();
    for (place, operation) in all.iter().enumerate() {
        by_route.entry(operation.route).or_default().push(place);
    }
    all.push(NONE);
    Operations { all, by_route }
});

impl Operations {
    pub(crate) fn get() -> &'static Self {
        &OPERATIONS
    }

    pub(crate) fn all(&self) -> &[Operation] {
        &self.all
    }

    /// The place of what a request is for among all.
    pub(crate) fn find(&self, route: Option<&MatchedPath>, method: &Method) -> usize {
        // `HEAD` is answered by what answers `GET`.
        let method = if method == Method::HEAD { Method::GET.as_str() } else { method.as_str() };
        let places = route.and_then(|route| self.by_route.get(route.as_str()));
        let place = places.and_then(|places| places.iter().find(|place| self.all[**place].method == method));
        place.copied().unwrap_or(self.all.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let all = Operations::get().all();
        assert_eq!(all.len(), endpoints().count() + OUTSIDE.len() + 1);
        assert_eq!(all.iter().map(|operation| operation.id).collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn what_is_not_there_is_none() {
        let operations = Operations::get();
        assert_eq!(operations.all()[operations.find(None, &Method::GET)], NONE);
    }
}
