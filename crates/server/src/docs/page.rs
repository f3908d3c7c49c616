//! The page for people: plain HTML, nothing from other hosts, no script.

use std::fmt::Write;

use latchkey_api::documentation::{ApiDocumentation, DocumentedArea, DocumentedError, DocumentedType, Passage, Topic};

use super::{
    endpoint::article,
    html::{escape, fields, kind, lines, prose, table, unfolds},
};

/// The whole page.
pub(super) fn page(documentation: &ApiDocumentation, style: &str) -> String {
    let ApiDocumentation { origin, guide, areas, types, codes, .. } = documentation;
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>Latchkey API</title><style>{style}</style></head><body>\
         <a class=\"skip\" href=\"#content\">Skip to content</a>\
         <nav aria-label=\"Contents\">{}</nav>\
         <main id=\"content\"><header><h1>Latchkey API</h1>\
         <p>Accounts, profiles and keys over HTTP, for scripts and tools. The lines below are for <code>{}</code>; a \
         click on one selects it whole. <a href=\"/openapi.json\">OpenAPI document</a></p></header>{}{}{}{}</main>\
         </body></html>\n",
        contents(guide, areas),
        escape(origin),
        topics(guide),
        areas.iter().map(section).collect::<String>(),
        named_types(types),
        error_codes(codes),
    )
}

fn contents(guide: &[Topic], areas: &[DocumentedArea]) -> String {
    let mut html = String::from("<p class=\"brand\">Latchkey API</p><h2>Guide</h2><ul>");
    for Topic { id, title, .. } in guide {
        let _ = write!(html, "<li><a href=\"#{id}\">{}</a></li>", escape(title));
    }
    html += "</ul>";
    for DocumentedArea { id, title, endpoints } in areas {
        let _ = write!(html, "<h2><a href=\"#{id}\">{}</a></h2><ul>", escape(title));
        for endpoint in endpoints {
            let (id, method) = (endpoint.id, endpoint.method);
            let short = if method == "DELETE" { "DEL" } else { method };
            let summary = escape(endpoint.summary);
            let _ =
                write!(html, "<li><a href=\"#{id}\"><b class=\"{method}\">{short}</b><span>{summary}</span></a></li>");
        }
        html += "</ul>";
    }
    html + "<h2>Reference</h2><ul><li><a href=\"#types\">Types</a></li><li><a href=\"#codes\">Error codes</a></li>\
            <li><a href=\"/openapi.json\">OpenAPI document</a></li></ul>"
}

fn topics(guide: &[Topic]) -> String {
    let mut html = String::new();
    for Topic { id, title, passages } in guide {
        let _ =
            write!(html, "<section class=\"topic\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{}</h2>", escape(title));
        for passage in passages {
            match passage {
                Passage::Prose(text) => {
                    let _ = write!(html, "<p>{}</p>", prose(text));
                }
                Passage::Code(text) => html += &lines(text),
            }
        }
        html += "</section>";
    }
    html
}

fn section(DocumentedArea { id, title, endpoints }: &DocumentedArea) -> String {
    let articles: String = endpoints.iter().map(article).collect();
    format!("<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{}</h2>{articles}</section>", escape(title))
}

fn named_types(types: &[DocumentedType]) -> String {
    let mut html = String::from("<section aria-labelledby=\"types\"><h2 id=\"types\">Types</h2><article>");
    for DocumentedType { name, about, kind: value, fields: members } in types {
        let content =
            if members.is_empty() { format!("<p>{}</p>", kind(value, None)) } else { fields("Fields", members) };
        let about = format!("<p>{}</p>{content}", prose(about));
        let heading = format!("<span id=\"type-{name}\">{name}</span>");
        html += &unfolds(&heading, &about);
    }
    html + "</article></section>"
}

fn error_codes(codes: &[DocumentedError]) -> String {
    let row = |DocumentedError { status, code, title }: &DocumentedError| {
        let title = escape(title);
        format!(
            "<tr id=\"code-{code}\"><th scope=\"row\"><code>{code}</code></th><td>{status}</td><td>{title}</td></tr>"
        )
    };
    let rows: String = codes.iter().map(row).collect();
    format!(
        "<section aria-labelledby=\"codes\"><h2 id=\"codes\">Error codes</h2><article>{}</article></section>",
        table("Error codes", &["Code", "Status", "Meaning"], &rows)
    )
}
