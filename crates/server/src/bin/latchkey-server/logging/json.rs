//! One line of JSON for each event, with the fields of the spans it happened in beside its own: `request_id` stands on
//! every line of a request, however deep it was written.

use std::fmt;

use serde_json::{Map, Value};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::{LookupSpan, Scope},
};

/// Writes lines.
pub(super) struct Lines;

impl<S> FormatEvent<S, JsonFields> for Lines
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &tracing::Event<'_>,
    ) -> fmt::Result {
        let mut line = Map::new();
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        line.insert("timestamp".into(), time.into());
        line.insert("level".into(), event.metadata().level().as_str().into());
        line.insert("target".into(), event.metadata().target().into());
        // The inner span says it where two say the same, and the event before all of them.
        let scope = context.event_scope().into_iter().flat_map(Scope::from_root);
        for span in scope {
            if let Some(fields) = span.extensions().get::<FormattedFields<JsonFields>>() {
                put(&mut line, &fields.fields);
            }
        }
        let mut fields = String::new();
        context.field_format().format_fields(Writer::new(&mut fields), event)?;
        put(&mut line, &fields);
        let text = serde_json::to_string(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{text}")
    }
}

/// What does not read as fields is left out: the line is more than they are.
fn put(line: &mut Map<String, Value>, fields: &str) {
    if let Ok(fields) = serde_json::from_str::<Map<String, Value>>(fields) {
        line.extend(fields);
    }
}
