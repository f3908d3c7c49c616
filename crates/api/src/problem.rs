//! Errors on the wire: RFC 9457 problems with a closed list of codes.

mod fields;
mod members;

use std::fmt;

use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

pub use self::{
    fields::{FieldCode, FieldError},
    members::{CloseReason, Members},
};

/// The result of every call of the API.
pub type ApiResult<T> = Result<T, Problem>;

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])? $name:ident $wire:literal $status:ident $title:literal,)*) => {
        /// What went wrong, as a caller can act on it. A code exists only if somebody does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode { $(#[doc = $title] $(#[doc = $doc])? $name,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$name),*];

            /// The status a problem of this code is answered with.
            pub const fn status(self) -> StatusCode { match self { $(Self::$name => StatusCode::$status,)* } }

            /// The human-readable summary; the same for every problem of this code.
            pub const fn title(self) -> &'static str { match self { $(Self::$name => $title,)* } }

            /// The code as it stands in JSON.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $wire,)* } }
        }

        /// A newer service may know more codes: what this program does not know is an internal error to it.
        impl<'de> Deserialize<'de> for ErrorCode {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Ok(match &*text { $($wire => Self::$name,)* _ => Self::Internal })
            }
        }
    };
}

error_codes! {
    Unauthenticated      "unauthenticated"        UNAUTHORIZED            "Sign in first",
    SessionExpired       "session_expired"        UNAUTHORIZED            "This session has expired",
    SessionClosed        "session_closed"         UNAUTHORIZED            "This session has been closed",
    InvalidCredentials   "invalid_credentials"    UNAUTHORIZED            "Username or password is not correct",
    ApiKeyExpired        "api_key_expired"        UNAUTHORIZED            "This API key has expired",
    SecondFactorRequired "second_factor_required" UNAUTHORIZED            "Now the second factor",
    TransactionEnded     "transaction_ended"      UNAUTHORIZED            "Sign in from the beginning",
    InvalidCode          "invalid_code"           UNAUTHORIZED            "The code is not correct",
    #[doc = "(RFC 9470)"]
    InsufficientUserAuthentication "insufficient_user_authentication" UNAUTHORIZED "Prove once more who you are",
    #[doc = "(RFC 6750 section 3.1)"]
    InsufficientScope    "insufficient_scope"     FORBIDDEN               "This API key has not the scope for that",
    SessionRequired      "session_required"       FORBIDDEN               "An API key is not enough for that",
    CredentialsNotAllowed "credentials_not_allowed" FORBIDDEN             "This session may not read credentials",
    TwoFactorSetupRequired "two_factor_setup_required" FORBIDDEN          "Set two-factor authentication up first",
    RequiredByPolicy     "required_by_policy"     FORBIDDEN               "The System Administrator demands it",
    AccountDisabled      "account_disabled"       FORBIDDEN               "This account has been disabled",
    SignUpClosed         "sign_up_closed"         FORBIDDEN               "This service does not take new accounts",
    NotFound             "not_found"              NOT_FOUND               "There is no such thing",
    MethodNotAllowed     "method_not_allowed"     METHOD_NOT_ALLOWED      "Not with this method",
    Conflict             "conflict"               CONFLICT                "It is not in the state for that",
    ConnectionBroken     "connection_broken"      CONFLICT                "The connection does not work any more",
    Stale                "stale"                  PRECONDITION_FAILED     "It was changed meanwhile",
    PreconditionRequired "precondition_required"  PRECONDITION_REQUIRED   "Send If-Match with the tag that was read",
    BodyTooLarge         "body_too_large"         PAYLOAD_TOO_LARGE       "The body is too large",
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE  "This content type is not understood",
    InvalidBody          "invalid_body"           BAD_REQUEST             "The body cannot be read",
    InvalidParameter     "invalid_parameter"      BAD_REQUEST             "A parameter cannot be read",
    InvalidField         "invalid_field"          UNPROCESSABLE_ENTITY    "A field does not fit",
    InvalidImage         "invalid_image"          UNPROCESSABLE_ENTITY    "This picture cannot be used",
    TooManyRequests      "too_many_requests"      TOO_MANY_REQUESTS       "Too many attempts",
    Internal             "internal"               INTERNAL_SERVER_ERROR   "Something went wrong in the service",
    Busy                 "busy"                   SERVICE_UNAVAILABLE     "The service is busy",
    SealingUnavailable   "sealing_unavailable"    SERVICE_UNAVAILABLE     "The service cannot use its key for secrets",
    StorageFull          "storage_full"           INSUFFICIENT_STORAGE    "The service has no space left",
    StorageReadOnly      "storage_read_only"      SERVICE_UNAVAILABLE     "The service cannot write at the moment",
    ProviderUnavailable  "provider_unavailable"   BAD_GATEWAY             "The provider cannot be reached",
    TimedOut             "timed_out"              GATEWAY_TIMEOUT         "The answer took too long",
    #[doc = "(said by a client)"]
    Offline              "offline"                SERVICE_UNAVAILABLE     "The server cannot be reached",
    #[doc = "(said by a client)"]
    ConnectionLost       "connection_lost"        BAD_GATEWAY             "The connection was lost",
    #[doc = "(said by a client)"]
    CertificateInvalid   "certificate_invalid"    BAD_GATEWAY             "The server's certificate cannot be trusted",
    #[doc = "(said by a client)"]
    NotLatchkey          "not_latchkey"           BAD_GATEWAY             "This is not a Latchkey server",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error as it is answered (RFC 9457). Boxed inside, because it travels in every `Result`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem(Box<ProblemBody>);

/// The members of a [`Problem`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, TS)]
#[schema(as = Problem)]
#[ts(rename = "Problem")]
pub struct ProblemBody {
    /// A URI that names the kind of problem; `about:blank` in this version.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code's summary.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What went wrong.
    pub code: ErrorCode,
    /// One sentence about this occurrence that says what to do; the title once more where that says all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, required)]
    #[ts(optional)]
    pub detail: Option<String>,
    /// One entry a bad field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<FieldError>>")]
    pub errors: Vec<FieldError>,
    /// What to quote when asking the administrator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[ts(optional)]
    pub request_id: Option<String>,
    /// Members of single codes.
    #[serde(flatten)]
    pub members: Members,
}

impl Problem {
    /// A problem of a code, without detail.
    pub fn new(code: ErrorCode) -> Self {
        Self(Box::new(ProblemBody {
            kind: "about:blank".into(),
            title: code.title().into(),
            status: code.status().as_u16(),
            code,
            detail: None,
            errors: Vec::new(),
            request_id: None,
            members: Members::default(),
        }))
    }

    /// Says more about this occurrence. The text reaches the caller.
    #[must_use]
    pub fn detail(mut self, text: impl fmt::Display) -> Self {
        self.0.detail = Some(text.to_string());
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.members.retry_after = Some(seconds);
        self
    }

    /// Changes the members of single codes.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Members)) -> Self {
        change(&mut self.0.members);
        self
    }

    /// Says why a session was closed.
    #[must_use]
    pub fn close_reason(mut self, reason: CloseReason) -> Self {
        self.0.members.close_reason = Some(reason);
        self
    }

    /// As it is answered, with the members every answer has: a detail, and the request's id.
    #[must_use]
    pub fn answered(mut self, request_id: impl Into<String>) -> Self {
        let title = said_again(&self.0.title);
        self.0.detail.get_or_insert(title);
        self.request_id(request_id)
    }

    /// As it was before it was [`answered`](Self::answered): without a detail that says nothing but the title.
    #[must_use]
    pub fn received(mut self) -> Self {
        let title = said_again(&self.0.title);
        self.0.detail.take_if(|detail| *detail == title);
        self
    }

    /// Adds the request's id.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Bad fields, all at once.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let mut problem = Self::new(ErrorCode::InvalidField);
        problem.0.errors = errors;
        problem
    }

    /// A failure of this program on either side of the wire. The cause is for a log, never for the caller: it is
    /// dropped here, and whoever has a log writes it there before.
    pub fn internal(_cause: impl fmt::Display) -> Self {
        Self::new(ErrorCode::Internal)
    }

    /// The code.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// All members.
    pub fn body(&self) -> &ProblemBody {
        &self.0
    }

    /// The bad fields, empty for other codes.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }
}

fn said_again(title: &str) -> String {
    format!("{title}.")
}

impl From<ProblemBody> for Problem {
    fn from(body: ProblemBody) -> Self {
        Self(Box::new(body))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.detail {
            Some(detail) => write!(f, "{} ({}): {detail}", self.0.title, self.0.code),
            None => write!(f, "{} ({})", self.0.title, self.0.code),
        }
    }
}

impl std::error::Error for Problem {}
