//! Rows that are written many to a statement.

/// Rows to a statement. Few sizes, so that few statements are prepared; the last is 1, so that every number of rows can
/// be made up of them.
pub(crate) const BATCHES: [usize; 4] = [64, 16, 4, 1];

/// The rows of a `VALUES` with numbered parameters: `($1, $2), ($3, $4)`.
pub(crate) fn values(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let names: Vec<_> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", names.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_through() {
        assert_eq!(values(1, 1), "($1)");
        assert_eq!(values(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }
}
