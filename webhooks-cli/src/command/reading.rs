//! How the documents that a user names are read.

use std::time::Duration;

use super::answer::Failure;
use crate::document::Document;
use crate::source::{Header, Source};

/// How documents are read.
#[derive(Debug, clap::Args)]
pub(super) struct Reading {
    /// How long an address may take to answer, in seconds.
    #[arg(long, global = true, value_name = "SECONDS", default_value = "30", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// A header of the request for an address, as in `authorization: Bearer TOKEN`; can be given several times.
    #[arg(long, short = 'H', global = true, value_name = "NAME: VALUE", value_parser = Header::read)]
    header: Vec<Header>,
}

impl Reading {
    /// The document, unless an object in it has a member twice.
    pub(super) fn document(&self, source: &Source) -> Result<Document, Failure> {
        let document = self.document_with_duplicates(source)?.without_duplicates();
        document.map_err(|error| Failure::Message(format!("{source}: {error}")))
    }

    pub(super) fn document_with_duplicates(&self, source: &Source) -> Result<Document, Failure> {
        source
            .read(Duration::from_secs(self.timeout), &self.header)
            .map_err(Failure::Message)
    }
}
