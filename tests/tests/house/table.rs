//! Looking a crate up in a table of the house rules.

/// The crate's row. A crate that is missing fails the test, so that a new crate is entered on purpose.
pub(crate) fn entry<T: Copy>(table: &[(&str, T)], name: &str) -> T {
    find(table, name).unwrap_or_else(|| {
        panic!("{name} is missing in a table of tests/tests/house; enter it there")
    })
}

/// The crate's row, where a crate may be missing.
pub(crate) fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table
        .iter()
        .find(|(crate_name, _)| *crate_name == name)
        .map(|(_, value)| *value)
}
