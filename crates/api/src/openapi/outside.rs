//! What is answered outside of the typed contract, and stands in the document all the same.

use utoipa::openapi::{
    Content, HttpMethod, RefOr, Required, ResponseBuilder, Schema,
    extensions::Extensions,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
    request_body::RequestBodyBuilder,
    schema::{ArrayBuilder, ObjectBuilder, Type},
    security::SecurityRequirement,
};

use super::{answer, content, credential, head_too_large, headers, operation, problem};
use crate::{
    activity::{Push, STREAM_EVENTS},
    params::NoParams,
    problem::ErrorCode,
    registry::{MAX_REGISTRY_SCOPES, REGISTRY_TOKEN_PATH, RegistryToken},
    wire::{Empty, NoContent, Reply, Schemas, refer},
};

/// The heading of the registry's operations, and what they are about.
pub(super) const REGISTRY: (&str, &str) =
    ("Container registry", "Tokens for the registry that belongs to the service (CNCF distribution).");

/// Paths, methods and operations.
pub(super) fn operations(schemas: &mut Schemas) -> Vec<(&'static str, HttpMethod, Operation)> {
    let form = RequestBodyBuilder::new().required(Some(Required::True)).content(FORM, registry_form()).build();
    // The key stands in the form, or comes as it does with the other one.
    let posted = registry_token("post_registry_token", schemas).request_body(Some(form));
    let posted = posted.securities(Some([SecurityRequirement::default(), credential("registry_key")])).build();
    let asked = registry_token("get_registry_token", schemas).parameters(Some(registry_query()));
    let asked = asked.security(credential("registry_key")).build();
    vec![
        (STREAM_EVENTS.meta.path, HttpMethod::Get, stream(schemas)),
        (REGISTRY_TOKEN_PATH, HttpMethod::Get, asked),
        (REGISTRY_TOKEN_PATH, HttpMethod::Post, posted),
    ]
}

/// The stream of events: its gate is declared, and its answer, which does not end, is said here.
fn stream(schemas: &mut Schemas) -> Operation {
    let mut operation = operation::<NoParams, Empty, NoContent>(&STREAM_EVENTS.meta, schemas);
    let stream = ResponseBuilder::new()
        .description("OK: server-sent events (WHATWG HTML, section 9.2) without end; the `data` of each is a `Push`")
        .content("text/event-stream", content(event(schemas)));
    operation.responses.responses.remove(&NoContent::STATUS.to_string());
    operation.responses.responses.insert("200".into(), answer(stream, &[]).into());
    operation.tags = Some(vec!["Activity".to_owned()]);
    operation
}

/// One event of the stream.
fn event(schemas: &mut Schemas) -> RefOr<Schema> {
    refer::<Push>(schemas);
    let push = Extensions::from_iter([("contentSchema", serde_json::json!({ "$ref": "#/components/schemas/Push" }))]);
    let data = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("A `Push` as JSON."))
        .content_media_type("application/json")
        .extensions(Some(push));
    ObjectBuilder::new()
        .property("event", ObjectBuilder::new().schema_type(Type::String).description(Some("The `event` of the data.")))
        .required("event")
        .property("data", data)
        .required("data")
        .into()
}

const FORM: &str = "application/x-www-form-urlencoded";

/// How a registry's client gets its token: the specification is the one of CNCF distribution.
fn registry_token(id: &str, schemas: &mut Schemas) -> OperationBuilder {
    let token = ResponseBuilder::new()
        .description("OK: what the token allows is what was asked for and is allowed, which may be nothing")
        .content("application/json", content(refer::<RegistryToken>(schemas)));
    let token = answer(token, &[headers::RATE_LIMIT, headers::RATE_LIMIT_POLICY]);
    let refused: &[(u16, &[ErrorCode])] = &[
        (400, &[ErrorCode::InvalidParameter, ErrorCode::InvalidBody]),
        (401, &[ErrorCode::Unauthenticated, ErrorCode::ApiKeyExpired]),
        (403, &[ErrorCode::AccountDisabled, ErrorCode::TwoFactorSetupRequired]),
        (404, &[ErrorCode::NotFound]),
        (413, &[ErrorCode::BodyTooLarge]),
        (415, &[ErrorCode::UnsupportedMediaType]),
        (429, &[ErrorCode::TooManyRequests]),
        (500, &[ErrorCode::Internal]),
        (503, &[ErrorCode::Busy, ErrorCode::SealingUnavailable, ErrorCode::StorageReadOnly]),
        (504, &[ErrorCode::TimedOut]),
        (507, &[ErrorCode::StorageFull]),
    ];
    let operation = OperationBuilder::new()
        .operation_id(Some(id))
        .summary(Some("Get a token for the container registry"))
        .tag(REGISTRY.0)
        .response("200", token)
        .response("431", head_too_large());
    refused.iter().fold(operation, |operation, (status, codes)| {
        let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
        operation.response(status.to_string(), problem(*status, &names))
    })
}

fn registry_query() -> Vec<Parameter> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let scopes = ArrayBuilder::new().items(text()).max_items(Some(MAX_REGISTRY_SCOPES));
    let query = |name: &str, about: &str| {
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).description(Some(about))
    };
    vec![
        query("service", "The registry the token is to be made out to").schema(Some(text())).build(),
        query("scope", "As in `repository:ada/hello:pull,push`; may be repeated")
            .schema(Some(scopes))
            .style(Some(ParameterStyle::Form))
            .explode(Some(true))
            .build(),
        query("account", "The user name once more").schema(Some(text())).build(),
        query("client_id", "The program that asks").schema(Some(text())).build(),
        query("offline_token", "Asks for a refresh token, of which there are none here").schema(Some(text())).build(),
    ]
}

/// The form of docker and containerd: OAuth 2.0 with a password, which is the key. Without one the key comes by Basic.
fn registry_form() -> Content {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let about = |about: &str| text().description(Some(about));
    let grants = about("Either of them, or none: what counts is the key");
    let schema: RefOr<Schema> = ObjectBuilder::new()
        .property("grant_type", grants.enum_values(Some(["password", "client_credentials"])))
        .property("username", about("With the password, or neither where the key comes by HTTP Basic"))
        .property("password", about("The key"))
        .property("service", text())
        .property("scope", text())
        .property("client_id", text())
        .property("access_type", text())
        .into();
    content(schema)
}
