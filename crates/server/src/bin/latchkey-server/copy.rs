//! `latchkey-server copy`

use latchkey_service::{Database, copy};

use crate::{
    config::{Config, ConfigError},
    database, say,
};

pub(crate) async fn run(config: &Config, from: &str, to: Option<&str>) -> anyhow::Result<()> {
    let from = read("--from", from)?;
    let to = match to {
        Some(to) => read("--to", to)?,
        None => database::place(&config.storage)?,
    };
    let (mut tables, mut rows) = (0_u32, 0);
    let mut failed = Ok(());
    copy(&from, &to, |table| {
        tables += 1;
        rows += table.rows;
        let sum: String = table.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let told = say(format_args!("{}\t{} rows\tsha256 {sum}", table.name, table.rows));
        failed = std::mem::replace(&mut failed, Ok(())).and(told);
    })
    .await?;
    failed?;
    say(format_args!("Everything is there: {rows} rows in {tables} tables. Take the file of the sealing key along."))
}

fn read(flag: &str, text: &str) -> Result<Database, ConfigError> {
    text.parse().map_err(|error| ConfigError::new(format!("{flag}: {error}")))
}
