//! A table in Markdown.

/// A table under a heading.
pub struct Table {
    heading: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(heading: &str, columns: &[&str]) -> Self {
        let columns: Vec<String> = columns.iter().map(|&column| column.to_owned()).collect();
        let line = columns.iter().map(|_| "---".to_owned()).collect();
        Self {
            heading: heading.to_owned(),
            rows: vec![columns, line],
        }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub fn print(&self) {
        println!("### {}\n", self.heading);
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
        println!();
    }
}

/// The middle value; the upper one of two.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
