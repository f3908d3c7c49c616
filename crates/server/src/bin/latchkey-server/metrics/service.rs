//! The service: database, hashing, limits, sign-ins, mail, calls to others, upkeep.

use std::fmt;

use latchkey_outbound::CallFigures;
use latchkey_service::{Figures, HashFigures, StoreFigures};
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::sheet::Sheet;

#[derive(Debug)]
pub(super) struct ServiceSheet {
    pub(super) figures: Figures,
    pub(super) calls: Vec<CallFigures>,
}

impl Collector for ServiceSheet {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let (mut sheet, figures) = (Sheet(encoder), &self.figures);
        let build = [("version", env!("CARGO_PKG_VERSION")), ("database", figures.store.engine)];
        sheet.gauges("build_info", "The program, and the database it runs on", None, [(build, 1)])?;
        database(&mut sheet, &figures.store)?;
        hashing(&mut sheet, &figures.hashing)?;
        let outcomes = |step, counted: &[(&'static str, u64)]| {
            let row = move |(outcome, number): &(&'static str, u64)| ([("step", step), ("outcome", *outcome)], *number);
            counted.iter().map(row).collect::<Vec<_>>()
        };
        let sign_ins = [outcomes("password", &figures.passwords), outcomes("second_factor", &figures.second_factors)];
        sheet.counters("sign_ins", "Steps of signing in by how they ended", sign_ins.concat())?;
        let throttled = figures.throttled.iter().map(|(limit, number)| ([("limit", *limit)], *number));
        sheet.counters("throttled", "Attempts that were refused because there were too many", throttled)?;
        let help = "Requests refused because their API key had used up its quota";
        sheet.counters("rate_limited_api_keys", help, [([], figures.rate_limited_keys)])?;
        let help = "Requests refused because their session had used up its quota";
        sheet.counters("rate_limited_sessions", help, [([], figures.rate_limited_sessions)])?;
        mail(&mut sheet, figures)?;
        let calls = self.calls.iter().map(|call| ([("called", call.called), ("outcome", call.outcome)], call.number));
        sheet.counters("outbound_calls", "Calls to others by how they ended", calls)?;
        for (name, help, at) in [
            ("upkeep_last_run_timestamp", "When the last round of upkeep ended, since 1970", figures.upkeep),
            ("sweep_last_run_timestamp", "When what has ended was last removed, since 1970", figures.sweep),
        ] {
            sheet.gauges(name, help, Some(&Unit::Seconds), [([], at)])?;
        }
        Ok(())
    }
}

fn database(sheet: &mut Sheet<'_>, store: &StoreFigures) -> fmt::Result {
    for (name, help, number) in [
        ("database_reads", "Reading statements outside of transactions", store.asked.reads),
        ("database_writes", "Transactions that write", store.asked.writes),
        ("database_retries", "Writes that were run again to put them in an order with others", store.retries),
    ] {
        sheet.counters(name, help, [([], number)])?;
    }
    let connections = [("used", store.connections_used), ("idle", store.connections_idle)];
    let connections = connections.map(|(state, number)| ([("state", state)], u64::from(number)));
    sheet.gauges("database_connections", "Open connections to the database", None, connections)?;
    let limit = u64::from(store.connections_limit);
    sheet.gauges("database_connections_limit", "Connections that may be open", None, [([], limit)])?;
    sheet.gauges(
        "database_waiting",
        "Callers that wait for a connection or the writer",
        None,
        [([], store.waiting)],
    )?;
    let groups = store.groups.iter().map(|groups| ([], groups.clone()));
    sheet.histograms("database_commit_size", "Writes that shared a commit", None, groups)
}

fn hashing(sheet: &mut Sheet<'_>, hashing: &HashFigures) -> fmt::Result {
    for (name, help, number) in [
        ("hashes_running", "Passwords that are being hashed", hashing.running),
        ("hashes_limit", "Passwords that are hashed at one time at most", hashing.limit),
        ("hashes_waiting", "Callers that wait for a password to be hashed", hashing.waiting),
    ] {
        sheet.gauges(name, help, None, [([], number)])?;
    }
    let help = "Callers sent away because too many waited for a password to be hashed";
    sheet.counters("hashes_refused", help, [([], hashing.refused)])?;
    let took = [([], hashing.took.clone())];
    sheet.histograms(
        "hash_duration",
        "Time a password took to be hashed, compared or rated",
        Some(&Unit::Seconds),
        took,
    )
}

fn mail(sheet: &mut Sheet<'_>, figures: &Figures) -> fmt::Result {
    let waiting = figures.mail_waiting.iter();
    let waiting = waiting.flat_map(|mail| [([("kind", "codes")], mail.codes), ([("kind", "notices")], mail.notices)]);
    sheet.gauges("mail_waiting", "Messages in the outbox, which is one for all nodes", None, waiting)?;
    let outcomes =
        [("sent", figures.mail_sent), ("retried", figures.mail_retried), ("given_up", figures.mail_given_up)];
    let outcomes = outcomes.map(|(outcome, number)| ([("outcome", outcome)], number));
    sheet.counters("mails", "Messages by what became of an attempt to send them", outcomes)
}
