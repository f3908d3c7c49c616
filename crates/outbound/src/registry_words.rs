//! What people are told of a registry that did not take their credentials.

use latchkey_api::container_registries::RegistryFailure;
use latchkey_service::RegistryRefusal;

use crate::trouble::Trouble;

fn refusal(failure: RegistryFailure, detail: String) -> RegistryRefusal {
    RegistryRefusal { failure, detail }
}

/// It did not take user name and password.
pub(crate) fn credentials_refused(host: &str) -> RegistryRefusal {
    let detail = format!("{host} refused these credentials. Check the user name and the token, and try again.");
    refusal(RegistryFailure::CredentialsRefused, detail)
}

/// HTTP's Basic scheme has no way to say such a name.
pub(crate) fn name_with_colon(host: &str) -> RegistryRefusal {
    let detail = format!("{host} cannot be told a user name with a colon in it. Check the user name.");
    refusal(RegistryFailure::CredentialsRefused, detail)
}

/// What answers is something else.
pub(crate) fn not_a_registry(host: &str) -> RegistryRefusal {
    let detail = format!("{host} answers, but not as a container registry does. Check the host.");
    refusal(RegistryFailure::NotARegistry, detail)
}

/// It asks for a kind of proof that is not a user name and a password.
pub(crate) fn other_scheme(host: &str) -> RegistryRefusal {
    let detail = format!("{host} takes neither a password nor a token. Check the host.");
    refusal(RegistryFailure::NotARegistry, detail)
}

/// It wants the credentials sent without TLS.
pub(crate) fn sent_in_clear(host: &str) -> RegistryRefusal {
    let detail = format!(
        "{host} asks for the credentials to be sent without encryption, so they were not sent. Ask whoever runs it to \
         set up HTTPS."
    );
    refusal(RegistryFailure::NotEncrypted, detail)
}

/// It has trouble of its own.
pub(crate) fn unavailable(host: &str, status: u16) -> RegistryRefusal {
    let detail = match status {
        429 => format!("{host} is asked too often at the moment. Try again later."),
        _ => {
            format!("{host} cannot check credentials at the moment: it answered with status {status}. Try again later.")
        }
    };
    refusal(RegistryFailure::Unavailable, detail)
}

/// There was no answer. `host` is who was asked: the registry, or where it has people sign in.
pub(crate) fn trouble(host: &str, trouble: &Trouble) -> RegistryRefusal {
    match trouble {
        Trouble::AddressRefused => refusal(
            RegistryFailure::AddressRefused,
            format!("{host} is at an address this service does not connect to. Ask whoever runs the service."),
        ),
        Trouble::NameUnknown => refusal(
            RegistryFailure::Unreachable,
            format!("{host} was not found. Check the host, and the network of the service."),
        ),
        Trouble::NothingThere => refusal(
            RegistryFailure::Unreachable,
            format!("Nothing answers at {host}. Check the host and its port, and try again."),
        ),
        Trouble::TimedOut => {
            refusal(RegistryFailure::Unreachable, format!("{host} did not answer in time. Try again later."))
        }
        Trouble::Certificate(_) => refusal(
            RegistryFailure::CertificateInvalid,
            format!(
                "The certificate of {host} cannot be trusted, so nothing was sent. Check the host, or ask whoever runs it."
            ),
        ),
        Trouble::NotEncrypted => refusal(
            RegistryFailure::NotEncrypted,
            format!(
                "{host} speaks no TLS, so the credentials were not sent. Check the port, or ask whoever runs it to set up HTTPS."
            ),
        ),
        Trouble::TooLong | Trouble::NotHttp => not_a_registry(host),
        Trouble::Handshake(_) | Trouble::Broken(_) => refusal(
            RegistryFailure::Unreachable,
            format!("The connection to {host} broke off. Check the host and its port, and try again."),
        ),
    }
}
