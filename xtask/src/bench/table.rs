//! Tables in Markdown, as the benchmarks print them.

/// A table under its heading.
#[derive(Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// All tables of a text, in their order.
    pub(crate) fn all_in(text: &str) -> Vec<Self> {
        let mut tables: Vec<Self> = Vec::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("### ") {
                tables.push(Self {
                    heading: heading.to_owned(),
                    columns: Vec::new(),
                    rows: Vec::new(),
                });
                continue;
            }
            let Some((table, cells)) = tables.last_mut().zip(cells(line)) else {
                continue;
            };
            let is_line = cells.iter().all(|cell| cell.trim_matches('-').is_empty());
            if table.columns.is_empty() {
                table.columns = cells;
            } else if !is_line {
                table.rows.push(cells);
            }
        }
        tables
    }

    /// The number in the row that begins with this text and in this column. Of `17.8 (4.2)` and of `3.4 / 7.0` it is the
    /// first one.
    pub(crate) fn number(&self, row: &str, column: &str) -> Option<f64> {
        let column = self.columns.iter().position(|one| one == column)?;
        let row = self.rows.iter().find(|cells| cells[0].starts_with(row))?;
        row.get(column)?.split_whitespace().next()?.parse().ok()
    }
}

/// The cells of a line of a table.
fn cells(line: &str) -> Option<Vec<String>> {
    let inside = line.strip_prefix('|')?.trim_end().strip_suffix('|')?;
    Some(
        inside
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
2026-11-29; a processor

### One: fast

| by | ms | of the first |
| --- | --- | --- |
| peer 1.0 | 5.5 | 1.00 |
| **ours** | 17.8 (4.2) | - |

### Two

| by | p50 / p99 |
| --- | --- |
| ours | 3.4 / 7.0 |
";

    #[test]
    fn a_number_is_found_by_table_row_and_column() {
        let tables = Table::all_in(TEXT);
        let headings: Vec<_> = tables.iter().map(|table| table.heading.as_str()).collect();
        assert_eq!(headings, ["One: fast", "Two"]);
        assert_eq!(tables[0].number("peer", "ms"), Some(5.5));
        assert_eq!(tables[0].number("**ours**", "ms"), Some(17.8));
        assert_eq!(tables[1].number("ours", "p50 / p99"), Some(3.4));
    }

    #[test]
    fn what_is_not_there_or_no_number_is_not_found() {
        let table = &Table::all_in(TEXT)[0];
        assert_eq!(table.number("**ours**", "of the first"), None);
        assert_eq!(table.number("others", "ms"), None);
        assert_eq!(table.number("peer", "s"), None);
        assert_eq!(Table::all_in("| a | b |\n| --- | --- |\n"), []);
    }
}
