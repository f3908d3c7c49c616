//! Path, query and header parameters of an endpoint as one flat struct.
//!
//! The struct's derives do everything; which field travels where is said by the path template and [`Meta::headers`].

use http::HeaderMap;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::{
    endpoint::Meta,
    problem::{ErrorCode, Problem},
};

/// A flat struct of scalars. `#[serde(flatten)]` must not be used: it breaks decoding of numbers.
pub trait Params: Serialize + DeserializeOwned + IntoParams + Send + 'static {}
impl<T: Serialize + DeserializeOwned + IntoParams + Send + 'static> Params for T {}

/// No parameters; an unknown query parameter is refused.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

impl Meta {
    /// Whether the path template has a segment `{field}`.
    pub fn in_path(&self, field: &str) -> bool {
        self.path_fields().any(|name| name == field)
    }

    /// The names in the path template, in order.
    pub fn path_fields(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The header that carries a field: `if_match` is `If-Match`.
    pub fn header_name(field: &str) -> String {
        let words = field.split('_').map(|word| match word.split_at_checked(1) {
            Some((first, rest)) => first.to_ascii_uppercase() + rest,
            None => word.to_owned(),
        });
        words.collect::<Vec<_>>().join("-")
    }

    /// Client side: the request target and the headers for these parameters.
    pub fn request(&self, params: &impl Params) -> Result<(String, HeaderMap), Problem> {
        let text = serde_urlencoded::to_string(params).map_err(Problem::internal)?;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&text).map_err(Problem::internal)?;
        let (mut path, mut query, mut headers) = (self.path.to_owned(), Vec::new(), HeaderMap::new());
        for (name, value) in pairs {
            if self.in_path(&name) {
                let encoded = serde_urlencoded::to_string([("", &value)]).map_err(Problem::internal)?;
                path = path.replace(&format!("{{{name}}}"), &encoded[1..].replace('+', "%20"));
            } else if self.headers.contains(&name.as_str()) {
                let header: http::HeaderName = Self::header_name(&name).parse().map_err(Problem::internal)?;
                headers.insert(header, value.parse().map_err(Problem::internal)?);
            } else {
                query.push((name, value));
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", serde_urlencoded::to_string(query).map_err(Problem::internal)?);
        }
        Ok((path, headers))
    }

    /// Server side: the parameters from path segments, query string and declared headers.
    ///
    /// Answers `invalid_parameter` (400) where one cannot be read and `precondition_required` (428) where a declared
    /// `If-Match` is missing (RFC 6585 section 3).
    pub fn params<P: Params>(&self, path: &[(&str, &str)], query: &str, headers: &HeaderMap) -> Result<P, Problem> {
        let mut pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|e| Problem::new(ErrorCode::InvalidParameter).detail(e))?;
        if let Some((name, _)) = pairs.iter().find(|(n, _)| self.in_path(n) || self.headers.contains(&n.as_str())) {
            return Err(Problem::new(ErrorCode::InvalidParameter).detail(format!("{name} is not a query parameter")));
        }
        pairs.extend(path.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        for field in self.headers {
            match headers.get(Self::header_name(field)).map(http::HeaderValue::to_str) {
                Some(Ok(value)) => pairs.push(((*field).to_owned(), value.to_owned())),
                Some(Err(_)) => return Err(Problem::new(ErrorCode::InvalidParameter).detail(*field)),
                None if *field == "if_match" => return Err(Problem::new(ErrorCode::PreconditionRequired)),
                None => {}
            }
        }
        let text = serde_urlencoded::to_string(&pairs).map_err(Problem::internal)?;
        serde_urlencoded::from_str(&text).map_err(|e| Problem::new(ErrorCode::InvalidParameter).detail(e))
    }
}
