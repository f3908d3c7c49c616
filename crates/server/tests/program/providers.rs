//! Accounts at providers of source code: oidc-provider as an authorisation server, dressed as GitHub and as GitLab.

mod code;
mod device;
mod git;
mod provider;
mod repositories;
mod there;
mod tokens;
mod troubles;

use latchkey_api::{instance::Provider as Kind, integrations::IntegrationsApi, problem::ErrorCode};

pub(crate) use self::{
    provider::Provider,
    there::{LOGIN, SECRET, There, another_session, serve},
};

/// Each of these tests at each of the two.
macro_rules! at_both {
    ($($name:ident)*) => { $(
        mod $name {
            use latchkey_api::instance::Provider;

            #[tokio::test]
            async fn at_github() {
                super::$name(Provider::Github).await;
            }

            #[tokio::test]
            async fn at_gitlab() {
                super::$name(Provider::Gitlab).await;
            }
        }
    )* };
}
pub(crate) use at_both;
