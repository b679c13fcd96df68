//! Reading at most as much as a document may have.

use std::io::{self, Read};

use crate::document::LARGEST;

/// Everything, or an error once it is more than the largest document that is read.
pub(super) fn read_to_limit(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > LARGEST {
        return Err(io::Error::other("the document is larger than 64 MiB"));
    }
    Ok(bytes)
}
