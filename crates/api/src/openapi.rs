//! The `OpenAPI` 3.1 document, built from the constants. No server is compiled for it.

mod headers;
mod outside;

use std::collections::{BTreeMap, HashSet};

use utoipa::openapi::{
    ComponentsBuilder, Content, ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder,
    PathItem, PathsBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema,
    path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::{Object, Type},
    security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    server::ServerBuilder,
    tag::{Tag, TagBuilder},
};

use crate::{
    endpoint::{Auth, Endpoint, Meta},
    params::Params,
    problem::{ErrorCode, ProblemBody},
    wire::{Body, Reply, Schemas, refer},
};

/// An endpoint without its types: what a list can hold.
#[derive(Clone, Copy)]
pub struct Described {
    /// Everything that is not a type.
    pub meta: Meta,
    body_errors: &'static [ErrorCode],
    operation: fn(&Meta, &mut Schemas) -> Operation,
}

impl<P: Params, B: Body, R: Reply> Endpoint<P, B, R> {
    /// Erases the types; the document still knows them.
    pub const fn described(self) -> Described {
        Described { meta: self.meta, body_errors: B::ERRORS, operation: operation::<P, B, R> }
    }
}

impl Described {
    /// The codes it may answer: those it declares, and those that auth, parameters and body imply. None twice.
    pub fn errors(&self) -> Vec<ErrorCode> {
        errors(&self.meta, self.body_errors)
    }
}

/// The SPDX expression of the workspace.
const LICENSE: &str = env!("CARGO_PKG_LICENSE");

/// Every endpoint of the API as one document, and what is none of them.
pub fn document() -> OpenApi {
    let (mut schemas, mut paths) = (Schemas::new(), PathsBuilder::new());
    refer::<ProblemBody>(&mut schemas);
    for (path, method, operation) in outside::operations(&mut schemas) {
        paths = paths.path(path, PathItem::new(method, operation));
    }
    for area in crate::AREAS {
        for endpoint in area.endpoints {
            let mut operation = (endpoint.operation)(&endpoint.meta, &mut schemas);
            operation.tags = Some(vec![area.title.to_owned()]);
            paths = paths.path(endpoint.meta.path, PathItem::new(method(&endpoint.meta), operation));
        }
    }
    let bearer = |what| HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(what)).build();
    let session = bearer("A session token: `lks_…`.");
    let api_key = bearer("The personal API key, `lk_…`, or a named one with the scope `api`, `lkt_…`.");
    let registry_key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Basic)
        .description(Some(
            "The user name, and as the password a named API key with the scope `registry`, `lkt_…`, or what \
             `get_registry_credential` answered for the service's own registry, `lkr_…`.",
        ))
        .build();
    let info = InfoBuilder::new()
        .title("Latchkey account service")
        .version("1")
        .description(Some("Accounts, profiles and sessions. Errors are `application/problem+json` (RFC 9457)."))
        .license(Some(LicenseBuilder::new().name(LICENSE).identifier(Some(LICENSE)).build()))
        .build();
    let mut components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme("session", SecurityScheme::Http(session))
        .security_scheme("api_key", SecurityScheme::Http(api_key))
        .security_scheme("registry_key", SecurityScheme::Http(registry_key))
        .build();
    components.headers = headers::components();
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        // Whatever address the document is read at is the service's own.
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .tags(Some(crate::AREAS.iter().map(|area| tag((area.title, area.about))).chain([tag(outside::REGISTRY)])))
        .components(Some(components))
        .build()
}

fn tag((title, about): (&str, &str)) -> Tag {
    TagBuilder::new().name(title).description(Some(about)).build()
}

/// The document as it is committed and served: JSON, indented, with a final newline.
pub fn document_json() -> String {
    let value = serde_json::to_string_pretty(&document()).unwrap_or_else(|error| error.to_string());
    format!("{value}\n")
}

fn operation<P: Params, B: Body, R: Reply>(meta: &Meta, schemas: &mut Schemas) -> Operation {
    let mut reply = reply::<R>(schemas);
    if meta.auth == Auth::SessionOrKey {
        headers::RATE_LIMIT.of(&mut reply);
        headers::RATE_LIMIT_POLICY.of(&mut reply);
    }
    let mut operation = OperationBuilder::new()
        .operation_id(Some(meta.id))
        .summary(Some(meta.summary))
        .parameters(Some(parameters::<P>(meta)))
        .request_body(request::<B>(meta, schemas))
        .response(R::STATUS.to_string(), reply)
        .response("431", head_too_large());
    if *meta.method == http::Method::GET && R::HEADERS.contains(&"ETag") {
        operation = operation.parameter(if_none_match()).response("304", not_modified());
    }
    let mut by_status: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
    for code in errors(meta, B::ERRORS) {
        by_status.entry(code.status().as_u16()).or_default().push(code.as_str());
    }
    for (status, codes) in by_status {
        operation = operation.response(status.to_string(), problem(status, &codes));
    }
    let credentials: &[&str] = match meta.auth {
        Auth::Nobody => &[],
        Auth::Session => &["session"],
        Auth::SessionOrKey => &["session", "api_key"],
    };
    operation.securities(Some(credentials.iter().map(|name| credential(name)))).build()
}

fn credential(name: &str) -> SecurityRequirement {
    SecurityRequirement::new::<_, [&str; 0], &str>(name, [])
}

fn request<B: Body>(meta: &Meta, schemas: &mut Schemas) -> Option<RequestBody> {
    let schema = B::schema(schemas)?;
    let body = RequestBodyBuilder::new().required(Some(Required::True));
    Some(meta.accepts.iter().fold(body, |body, kind| body.content(*kind, content(schema.clone()))).build())
}

fn reply<R: Reply>(schemas: &mut Schemas) -> Response {
    let reason = http::StatusCode::from_u16(R::STATUS).ok().and_then(|status| status.canonical_reason());
    let response = ResponseBuilder::new().description(reason.unwrap_or_default());
    let response = R::content(schemas)
        .into_iter()
        .fold(response, |response, (kind, schema)| response.content(kind, content(schema)));
    answer(response, if R::HEADERS.contains(&"ETag") { &[headers::ETAG] } else { &[] })
}

/// What the codes of a status have in common. A challenge comes with each 401 (RFC 9110 section 11.6.1), and each 429
/// says for how long; a 503 does where it is known.
fn problem(status: u16, codes: &[&str]) -> Response {
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(codes.join(", ")).content("application/problem+json", problem);
    answer(
        response,
        match status {
            401 => &[headers::CHALLENGE],
            429 => &[headers::RETRY_AFTER],
            503 => &[headers::RETRY_AFTER_IF_KNOWN],
            _ => &[],
        },
    )
}

fn not_modified() -> Response {
    let response = ResponseBuilder::new().description("Not Modified: the `ETag` is among those of `If-None-Match`");
    answer(response, &[headers::ETAG])
}

/// Answered before there is a request: no id, no problem.
fn head_too_large() -> Response {
    ResponseBuilder::new().description("The target and the headers are larger than 32 KiB").build()
}

/// An answer with its headers, and the one every answer has.
fn answer(response: ResponseBuilder, headers: &[headers::Described]) -> Response {
    let mut response = response.build();
    headers.iter().chain([&headers::REQUEST_ID]).for_each(|header| header.of(&mut response));
    response
}

fn if_none_match() -> Parameter {
    ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("The `ETag` of what the caller has; nothing is sent again while it holds"))
        .schema(Some(Object::with_type(Type::String)))
        .build()
}

fn content(schema: RefOr<Schema>) -> Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

fn parameters<P: Params>(meta: &Meta) -> Vec<Parameter> {
    let mut all = P::into_params(|| Some(ParameterIn::Query));
    for parameter in &mut all {
        if meta.in_path(&parameter.name) {
            parameter.parameter_in = ParameterIn::Path;
            parameter.required = Required::True;
        } else if meta.headers.contains(&parameter.name.as_str()) {
            parameter.parameter_in = ParameterIn::Header;
            parameter.name = Meta::header_name(&parameter.name);
        }
    }
    all
}

/// Declared codes and those that auth, parameters and body imply.
fn errors(meta: &Meta, body: &[ErrorCode]) -> Vec<ErrorCode> {
    let mut codes = [meta.errors, body].concat();
    if meta.auth != Auth::Nobody {
        codes.extend([ErrorCode::Unauthenticated, ErrorCode::SessionExpired, ErrorCode::SessionClosed]);
        // A key is told either way: that it may not, or that it may no more.
        codes.extend([ErrorCode::ApiKeyExpired, ErrorCode::InsufficientScope, ErrorCode::TooManyRequests]);
        if meta.auth == Auth::Session {
            codes.push(ErrorCode::SessionRequired);
        }
        codes.push(ErrorCode::AccountDisabled);
        if !meta.during_setup {
            codes.push(ErrorCode::TwoFactorSetupRequired);
        }
    }
    if meta.asks_for_proof() {
        codes.push(ErrorCode::InsufficientUserAuthentication);
    }
    // A query string is refused even where none is declared.
    codes.push(ErrorCode::InvalidParameter);
    if meta.headers.contains(&"if_match") {
        codes.push(ErrorCode::PreconditionRequired);
    }
    codes.extend([ErrorCode::Internal, ErrorCode::Busy, ErrorCode::TimedOut]);
    if *meta.method != http::Method::GET {
        codes.extend([ErrorCode::StorageFull, ErrorCode::StorageReadOnly]);
    }
    let mut seen = HashSet::new();
    codes.retain(|code| seen.insert(*code));
    codes
}

fn method(meta: &Meta) -> HttpMethod {
    match meta.method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
