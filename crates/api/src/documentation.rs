//! The API for people who write scripts: made from the endpoints' constants and from examples that were really run.
//!
//! The page `/docs` of a server and the page in the app are readers of it; neither knows more than stands here.

mod curl;
mod examples;
mod guide;
mod schema;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

pub use self::{
    examples::{Example, ExampleRequest, ExampleResponse, examples},
    schema::{DocumentedField, DocumentedType},
};
use crate::{
    endpoint::{Auth, Meta},
    freshness::Freshness,
    openapi::{self, Described},
    problem::ErrorCode,
};

/// The place of a server's address where none is known.
pub const PLACEHOLDER: &str = "https://accounts.example.org";

/// Everything there is to know about the API of one server.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ApiDocumentation {
    /// The server the lines are written for: scheme, host and port.
    pub origin: String,
    /// Whether the origin only stands for one: nothing listens there.
    pub placeholder: bool,
    /// What holds for all endpoints.
    pub guide: Vec<Topic>,
    /// The endpoints.
    pub areas: Vec<DocumentedArea>,
    /// What bodies and answers are made of, by name.
    pub types: Vec<DocumentedType>,
    /// Every error there is.
    pub codes: Vec<DocumentedError>,
}

/// Something that holds for all endpoints.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Topic {
    /// Names it in links.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What there is to say, in order.
    pub passages: Vec<Passage>,
}

/// A part of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Passage {
    /// Sentences, with code between back-ticks.
    Prose(String),
    /// Lines to copy, or lines that were answered.
    Code(String),
}

/// Endpoints that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DocumentedArea {
    /// Names it in links.
    pub id: String,
    /// The heading.
    pub title: &'static str,
    /// The endpoints, in order.
    pub endpoints: Vec<DocumentedEndpoint>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DocumentedEndpoint {
    /// `verb_noun`; names it in links.
    pub id: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, with `{name}` for what is put in.
    pub path: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Who may call.
    pub auth: Auth,
    /// What has to be proved, where the session is not enough.
    pub proof: Option<FreshProof>,
    /// More about calling it, a sentence each, with code between back-ticks.
    pub notes: Vec<String>,
    /// What goes into path, query and headers.
    pub parameters: Vec<Parameter>,
    /// What is sent; null where there is no body.
    pub body: Option<DocumentedBody>,
    /// What is answered; null where the answer has no body.
    pub answer: Option<DocumentedBody>,
    /// A call that was really made; null where none was yet.
    pub example: Option<Example>,
    /// The errors it answers, by status.
    pub errors: Vec<DocumentedError>,
    /// The line for a shell that makes the call of the example.
    pub curl: String,
}

/// What has to be proved beyond the session (RFC 9470).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FreshProof {
    /// Whether the password has to be.
    pub password: bool,
    /// Whether the second factor has to be, where two-factor authentication is on.
    pub second_factor: bool,
    /// Seconds since then, at most; null where the proof stands in the body.
    pub max_age: Option<u32>,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Parameter {
    /// Where it goes: `path`, `query` or `header`.
    pub place: String,
    /// The parameter.
    #[serde(flatten)]
    #[ts(flatten)]
    pub field: DocumentedField,
}

/// A body, sent or answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentedBody {
    /// Media types, the usual one first.
    pub media_types: Vec<String>,
    /// The name of the type, where it is JSON.
    pub type_name: Option<String>,
    /// The fields, where it is JSON.
    pub fields: Vec<DocumentedField>,
}

/// An error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DocumentedError {
    /// The HTTP status.
    pub status: u16,
    /// The code in the body.
    pub code: &'static str,
    /// What it says.
    pub title: &'static str,
}

impl From<ErrorCode> for DocumentedError {
    fn from(code: ErrorCode) -> Self {
        Self { status: code.status().as_u16(), code: code.as_str(), title: code.title() }
    }
}

/// The contract as `OpenAPI` has it: parameters and schemas are read off it.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(openapi::document()).unwrap_or_default());

/// The documentation with the lines written for a server: `scheme://host[:port]`, without a final slash. None where no
/// address is known.
pub fn api_documentation(origin: Option<&str>) -> ApiDocumentation {
    let (placeholder, origin) = (origin.is_none(), origin.unwrap_or(PLACEHOLDER));
    let area = |area: &crate::Area| DocumentedArea {
        id: area.title.to_lowercase().replace(' ', "-"),
        title: area.title,
        endpoints: area.endpoints.iter().map(|one| endpoint(one, origin)).collect(),
    };
    ApiDocumentation {
        origin: origin.to_owned(),
        placeholder,
        guide: guide::topics(origin),
        areas: crate::AREAS.iter().map(area).collect(),
        types: schema::types(&DOCUMENT),
        codes: ErrorCode::ALL.iter().copied().map(Into::into).collect(),
    }
}

fn endpoint(described: &Described, origin: &str) -> DocumentedEndpoint {
    let meta = &described.meta;
    let operation = &DOCUMENT["paths"][meta.path][meta.method.as_str().to_lowercase()];
    let example = examples().get(meta.id);
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answer = answers.filter(|(status, _)| status.starts_with('2')).find_map(|(_, answer)| body(&answer["content"]));
    DocumentedEndpoint {
        id: meta.id,
        method: meta.method.as_str(),
        path: meta.path,
        summary: meta.summary,
        auth: meta.auth,
        proof: proof(meta.freshness),
        notes: notes(meta),
        parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: body(&operation["requestBody"]["content"]),
        answer,
        example: example.cloned(),
        errors: errors(described),
        curl: curl::line(origin, meta, example),
    }
}

fn parameter(parameter: &Value) -> Parameter {
    let text = |name: &str| parameter[name].as_str().unwrap_or_default();
    Parameter {
        place: text("in").to_owned(),
        field: DocumentedField::of(
            text("name"),
            &parameter["schema"],
            parameter["required"] == true,
            text("description"),
        ),
    }
}

fn body(content: &Value) -> Option<DocumentedBody> {
    let content = content.as_object()?;
    let schema = &content.values().next()?["schema"];
    let type_name = schema::referred(schema).map(str::to_owned);
    let fields = if type_name.is_some() { schema::fields(&DOCUMENT, schema) } else { Vec::new() };
    Some(DocumentedBody { media_types: content.keys().cloned().collect(), type_name, fields })
}

/// By status; each status in the order the codes are declared.
fn errors(described: &Described) -> Vec<DocumentedError> {
    let mut by_status: BTreeMap<u16, Vec<DocumentedError>> = BTreeMap::new();
    for code in described.errors() {
        let error = DocumentedError::from(code);
        by_status.entry(error.status).or_default().push(error);
    }
    by_status.into_values().flatten().collect()
}

fn proof(freshness: Freshness) -> Option<FreshProof> {
    let (password, max_age) = match freshness {
        Freshness::None => return None,
        Freshness::Both(seconds) => (true, Some(seconds)),
        Freshness::SecondFactor(seconds) => (false, Some(seconds)),
        Freshness::InBody => (true, None),
    };
    Some(FreshProof { password, second_factor: true, max_age })
}

/// What the badges are too short for.
fn notes(meta: &Meta) -> Vec<String> {
    let who = match meta.auth {
        Auth::Nobody => "Anyone may call; no key is sent.",
        Auth::Session => "A session token is needed; an API key is refused with `session_required`.",
        Auth::SessionOrKey => "A session token, the personal API key, or a named key with the scope `api` will do.",
    };
    let proof = match meta.freshness {
        Freshness::None => None,
        Freshness::Both(seconds) => Some(format!(
            "The password, and the second factor where two-factor authentication is on, must have been proved in the \
             last {} minutes: call `POST /v1/me/reauthentication` first.",
            seconds / 60
        )),
        Freshness::SecondFactor(seconds) => Some(format!(
            "Where two-factor authentication is on, the second factor must have been proved in the last {} minutes: \
             call `POST /v1/me/reauthentication` first. The password stands in the body.",
            seconds / 60
        )),
        Freshness::InBody => {
            Some("The password, and the second factor where two-factor authentication is on, stand in the body.".into())
        }
    };
    let email = (meta.id == crate::profile::UPDATE_PROFILE.meta.id).then(|| {
        "With `email`, an API key is refused with `session_required`, and a session must have proved the password, and \
         the second factor where two-factor authentication is on, in the last 15 minutes."
            .to_owned()
    });
    [Some(who.to_owned()), proof, email].into_iter().flatten().collect()
}
