//! `latchkey-server migrate --distribute`

use latchkey_service::{Placement, distribute};

use crate::{config::Config, database, say};

pub(crate) async fn run(config: &Config) -> anyhow::Result<()> {
    let (mut tables, mut failed) = (0_u32, Ok(()));
    distribute(&database::place(&config.storage)?, |table| {
        tables += 1;
        let placement = match &table.placement {
            Placement::By(column) => format!("by {column}"),
            Placement::Everywhere => "on every server".to_owned(),
        };
        let before = if table.before { "\tas before" } else { "" };
        let told = say(format_args!("{}\t{placement}{before}", table.name));
        failed = std::mem::replace(&mut failed, Ok(())).and(told);
    })
    .await?;
    failed?;
    say(format_args!("The database is up to date, and its {tables} tables are spread."))
}
