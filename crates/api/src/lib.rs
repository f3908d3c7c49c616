//! The contract of Latchkey, written once.
//!
//! This crate holds the wire types, one typed constant per [`Endpoint`](endpoint::Endpoint), the closed list of
//! [error codes](problem::ErrorCode) and the [`AccountApi`] trait. The server mounts the constants, the client calls
//! them, the `OpenAPI` document and the TypeScript bindings are generated from them. It knows no HTTP server, no HTTP
//! client, no database and no window.

pub mod accounts;
pub mod activity;
pub mod api_keys;
pub mod avatar;
pub mod common;
pub mod container_registries;
pub mod credentials;
pub mod deletion;
pub mod desktop;
pub mod documentation;
pub mod email;
pub mod endpoint;
pub mod freshness;
pub mod instance;
pub mod integrations;
pub mod openapi;
pub mod params;
pub mod password;
pub mod problem;
pub mod profile;
pub mod registry;
pub mod sessions;
pub mod ssh_keys;
pub mod two_factor;
pub mod wire;

/// The whole API: every area's trait in one.
///
/// Three things implement it: the service itself, the client over a socket, and the client over the in-process router.
pub trait AccountApi:
    instance::InstanceApi
    + accounts::AccountsApi
    + sessions::SessionsApi
    + profile::ProfileApi
    + email::EmailApi
    + avatar::AvatarApi
    + password::PasswordApi
    + two_factor::TwoFactorApi
    + api_keys::ApiKeysApi
    + ssh_keys::SshKeysApi
    + integrations::IntegrationsApi
    + container_registries::ContainerRegistriesApi
    + credentials::CredentialsApi
    + activity::ActivityApi
    + deletion::DeletionApi
{
}

impl<T> AccountApi for T where
    T: instance::InstanceApi
        + accounts::AccountsApi
        + sessions::SessionsApi
        + profile::ProfileApi
        + email::EmailApi
        + avatar::AvatarApi
        + password::PasswordApi
        + two_factor::TwoFactorApi
        + api_keys::ApiKeysApi
        + ssh_keys::SshKeysApi
        + integrations::IntegrationsApi
        + container_registries::ContainerRegistriesApi
        + credentials::CredentialsApi
        + integrations::IntegrationsApi
        + container_registries::ContainerRegistriesApi
        + credentials::CredentialsApi
        + activity::ActivityApi
        + deletion::DeletionApi
        + ?Sized
{
}

/// Endpoints that belong together.
pub struct Area {
    /// The heading in the document.
    pub title: &'static str,
    /// What it is about, in a sentence.
    pub about: &'static str,
    /// The endpoints, in the order the document shows them.
    pub endpoints: &'static [openapi::Described],
}

/// The areas of the API, in the order the document shows them.
pub const AREAS: &[Area] = &[
    Area { title: "Service", about: "What a stranger may know about this service.", endpoints: instance::ENDPOINTS },
    Area { title: "Accounts", about: "Creating an account.", endpoints: accounts::ENDPOINTS },
    Area {
        title: "Sessions",
        about: "Signing in and out, and the devices that are signed in.",
        endpoints: sessions::ENDPOINTS,
    },
    Area {
        title: "Password",
        about: "Changing the password, proving it once more, and having forgotten it.",
        endpoints: password::ENDPOINTS,
    },
    Area {
        title: "Two-factor authentication",
        about: "Codes of an authenticator app, and backup codes.",
        endpoints: two_factor::ENDPOINTS,
    },
    Area {
        title: "API keys",
        about: "What scripts and tools sign in with: one personal key, and named ones that end.",
        endpoints: api_keys::ENDPOINTS,
    },
    Area {
        title: "SSH keys",
        about: "Public keys that let a person in where `sshd` asks this service.",
        endpoints: ssh_keys::ENDPOINTS,
    },
    Area {
        title: "Source code integration",
        about: "Accounts at GitHub and GitLab that a person lets the service reach.",
        endpoints: integrations::ENDPOINTS,
    },
    Area {
        title: "Container registries",
        about: "Credentials for private registries, tried before they are kept.",
        endpoints: container_registries::ENDPOINTS,
    },
    Area {
        title: "Credentials for tools",
        about: "What git and container tools on the person's computer sign in with.",
        endpoints: credentials::ENDPOINTS,
    },
    Area { title: "Profile", about: "Name, location, biography and e-mail address.", endpoints: profile::ENDPOINTS },
    Area {
        title: "E-mail address",
        about: "Confirming a new address, where the service sends mail.",
        endpoints: email::ENDPOINTS,
    },
    Area { title: "Avatar", about: "The picture that stands for a person.", endpoints: avatar::ENDPOINTS },
    Area {
        title: "Activity",
        about: "What happened on the account, as a list and as a stream.",
        endpoints: activity::ENDPOINTS,
    },
    Area {
        title: "Leaving",
        about: "Everything the service holds about a person, and deleting it.",
        endpoints: deletion::ENDPOINTS,
    },
];

/// Every endpoint of the API.
pub fn endpoints() -> impl Iterator<Item = &'static openapi::Described> {
    AREAS.iter().flat_map(|area| area.endpoints)
}
