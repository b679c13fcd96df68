//! Questions for the jobs about something, or about many things.
//!
//! Every question is bounded: none reads more than it was asked for, however many jobs there are.

use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, JobRecord};
use crate::parameters::Parameters;
use crate::record::records;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Up to `limit` jobs about something, finished or not, of ids above `after`, in the order of their ids. Only those
    /// are found whose ids were made with [`Id::about`]. Of one [owner](crate::NewJob::owner), if one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about(
        &self,
        reference: Id,
        owner: Option<i64>,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.jobs_about_in(&mut connection, reference, owner, after, limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about_in(
        &self,
        connection: &mut D::Connection,
        reference: Id,
        owner: Option<i64>,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let range = Id::all_about(reference);
        let start = after.map_or(*range.start(), |after| after.next().max(*range.start()));
        let parameters = Parameters::new()
            .bytes(*reference.as_bytes())
            .bytes(*start.as_bytes())
            .bytes(*range.end().as_bytes())
            .int(i64::from(limit))
            .maybe_int(owner);
        let about = &self.statements().jobs_about;
        records(about, connection, parameters).await
    }

    /// The jobs about each of these things, finished or not, in no order; none where there are more than `most` together:
    /// then [`jobs_about`](Self::jobs_about) reads those of one thing page by page. Of one [owner](crate::NewJob::owner), if
    /// one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about_each(
        &self,
        references: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let mut connection = self.connection().await?;
        self.jobs_about_each_in(&mut connection, references, owner, most)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn jobs_about_each_in(
        &self,
        connection: &mut D::Connection,
        references: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let mut parameters = Parameters::new().int(i64::from(most) + 1).maybe_int(owner);
        if D::PARTITIONED {
            // Between which ids all of them lie.
            let first = references
                .iter()
                .min()
                .map(|id| *Id::all_about(*id).start());
            let last = references.iter().max().map(|id| *Id::all_about(*id).end());
            let bytes = |id: Option<Id>| id.map(|id| *id.as_bytes());
            parameters = parameters
                .maybe_bytes(bytes(first))
                .maybe_bytes(bytes(last));
        }
        let about = &self.statements().jobs_about_each;
        let found = records(about, connection, with_ranges(parameters, references)).await?;
        Ok((found.len() <= most as usize).then_some(found))
    }

    /// Those of them that wait, on the caller's connection: what has ended is not looked at.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn unfinished_about_each_in(
        &self,
        connection: &mut D::Connection,
        references: &[Id],
        owner: Option<i64>,
        most: u32,
    ) -> Result<Option<Vec<JobRecord>>, Error> {
        let parameters = Parameters::new().int(i64::from(most) + 1).maybe_int(owner);
        let about = &self.statements().unfinished_about_each;
        let found = records(about, connection, with_ranges(parameters, references)).await?;
        Ok((found.len() <= most as usize).then_some(found))
    }
}

/// Things, each with the ids between which the jobs about it lie.
fn with_ranges(parameters: Parameters, references: &[Id]) -> Parameters {
    let bytes = |id: &Id| *id.as_bytes();
    let ranges: Vec<_> = references.iter().map(|id| Id::all_about(*id)).collect();
    parameters
        .blobs(references.iter().map(bytes))
        .blobs(ranges.iter().map(|range| bytes(range.start())))
        .blobs(ranges.iter().map(|range| bytes(range.end())))
}
