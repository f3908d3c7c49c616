//! `latchkey-server copy`

use std::fmt;

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
        let told = say(format_args!("{}\t{} rows\tsha256 {}", table.name, table.rows, Sum(table.sha256)));
        failed = std::mem::replace(&mut failed, Ok(())).and(told);
    })
    .await?;
    failed?;
    say(format_args!("Everything is there: {rows} rows in {tables} tables. Take the file of the sealing key along."))
}

/// A sum in hexadecimal digits.
struct Sum([u8; 32]);

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

fn read(flag: &str, text: &str) -> Result<Database, ConfigError> {
    text.parse().map_err(|error| ConfigError::new(format!("{flag}: {error}")))
}
