//! A service for the programs of one computer. Pages of the web are kept out.
//!
//! A page whose name was pointed at 127.0.0.1 after it was loaded (DNS rebinding) counts for a browser as the page's own
//! server: only the `Host` header tells it from a program of this computer. No answer ever allows another origin.

use std::net::IpAddr;

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, Uri, header, uri::Authority};
use latchkey_api::problem::{ErrorCode, Problem};

use crate::{refusal::Refusal, request_id, security_headers};

/// Where accounts are created.
const SIGN_UP: &str = "/v1/accounts";

/// The router, for whoever calls it by a name of this computer: `localhost`, or an address of the loopback interface,
/// whatever the port. Everybody else is answered 404 before anything is read.
///
/// Nobody creates an account here: another user of this computer can reach it as well.
pub fn on_this_computer(router: Router) -> Router {
    let door = from_fn(async |request: Request, next: Next| {
        if !is_called_by_own_name(request.headers(), request.uri()) {
            return refuse(
                Problem::new(ErrorCode::NotFound).detail("Only programs of this computer are answered here."),
            );
        }
        if request.method() == Method::POST && request.uri().path() == SIGN_UP {
            return refuse(
                Problem::new(ErrorCode::SignUpClosed).detail("Create an account in the window of Latchkey."),
            );
        }
        next.run(request).await
    });
    // Outside of it: what is refused here is an answer like any other.
    router.layer(door).layer(from_fn(security_headers::layer))
}

/// RFC 9112 section 3.2: exactly one `Host`, and a target that names a host names the same.
fn is_called_by_own_name(headers: &HeaderMap, target: &Uri) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let named = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    named.is_some_and(|host| is_own(&host)) && target.authority().is_none_or(is_own)
}

fn is_own(authority: &Authority) -> bool {
    if authority.as_str().contains('@') {
        return false;
    }
    let host = authority.host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn refuse(problem: Problem) -> Response {
    let mut response = Refusal(problem).into_response();
    request_id::put(&mut response, &request_id::new());
    response
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use tower::ServiceExt;

    use super::*;

    fn taken(hosts: &[&str], target: &str) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
        }
        is_called_by_own_name(&headers, &target.parse().unwrap())
    }

    #[tokio::test]
    async fn a_refusal_has_the_headers_of_any_answer() {
        let request = Request::builder().uri("/v1/me").header(header::HOST, "rebound.example");
        let request = request.body(axum::body::Body::empty()).unwrap();
        let refused = on_this_computer(Router::new()).oneshot(request).await.unwrap();
        assert_eq!(refused.status(), http::StatusCode::NOT_FOUND);
        assert_eq!(refused.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(
            refused.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-ancestors 'none'")
        );
    }

    #[test]
    fn only_names_of_this_computer_are_its_own() {
        for host in ["127.0.0.1", "127.0.0.1:8123", "localhost", "LocalHost:8123", "[::1]:8123", "127.3.2.1"] {
            assert!(taken(&[host], "/v1/me"), "{host}");
        }
        for host in [
            "rebound.example",
            "rebound.example:8123",
            "127.0.0.1.rebound.example",
            "localhost.rebound.example",
            "localhost@rebound.example",
            "rebound.example@localhost",
            "0.0.0.0:8123",
            "192.168.1.4",
            "",
        ] {
            assert!(!taken(&[host], "/v1/me"), "{host}");
        }
        assert!(!taken(&[], "/v1/me"));
        assert!(!taken(&["localhost", "rebound.example"], "/v1/me"));
        assert!(!taken(&["localhost"], "http://rebound.example/v1/me"));
        assert!(taken(&["localhost"], "http://localhost:8123/v1/me"));
    }
}
