//! Requests and connections.

use std::{fmt, sync::Arc};

use latchkey_server::{OperationFigures, Tls, Traffic};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::sheet::Sheet;

/// Answers whose class is told before there was one: a rate needs to know that there was none.
const ALWAYS: [&str; 3] = ["2xx", "4xx", "5xx"];

pub(super) struct TrafficSheet {
    pub(super) traffic: Arc<Traffic>,
    pub(super) tls: Option<Tls>,
}

impl fmt::Debug for TrafficSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrafficSheet")
    }
}

impl Collector for TrafficSheet {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (operations, connections) = (self.traffic.operations(), self.traffic.connections());
        let mut sheet = Sheet(encoder);
        let requests = operations.iter().flat_map(|figures| {
            let told = figures.answers.iter().filter(|(class, number)| *number > 0 || ALWAYS.contains(class));
            let OperationFigures { operation, .. } = figures;
            told.map(|(class, number)| {
                let (method, route) = (operation.method, operation.route);
                ([("operation", operation.id), ("method", method), ("route", route), ("status", *class)], *number)
            })
        });
        sheet.counters("requests", "Requests by operation and class of the answer's status", requests)?;
        let took = operations.iter().filter(|figures| figures.took.count() > 0);
        let took = took.map(|figures| ([("operation", figures.operation.id)], figures.took.clone()));
        let help = "Time until the answer of a request began";
        sheet.histograms("request_duration", help, Some(&Unit::Seconds), took)?;
        for (name, help, number) in [
            ("requests_in_flight", "Requests whose answer has not begun", connections.in_flight),
            ("connections_open", "Open connections", connections.open),
            ("event_streams_open", "Open event streams", connections.streams),
        ] {
            sheet.gauges(name, help, None, [([], number)])?;
        }
        sheet.counters("connections", "Connections that were taken", [([], connections.taken)])?;
        let Some(tls) = &self.tls else { return Ok(()) };
        sheet.gauges("tls_handshakes", "Handshakes under way", None, [([], connections.handshakes)])?;
        let failed = [([], connections.failed_handshakes)];
        sheet.counters("tls_handshakes_failed", "Connections that were not encrypted", failed)?;
        let help = "When the certificate ends, since 1970";
        sheet.gauges("tls_certificate_expiry_timestamp", help, Some(&Unit::Seconds), [([], tls.expires())])
    }
}
