//! A subscription switched off and on.

use crate::reply::Reply;
use crate::source::Problem;
use crate::visit::Visit;

pub(crate) async fn pause(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    v.operations().pause(id).await?;
    Ok(Reply::See(format!("subscriptions/{id}?done=paused")))
}

pub(crate) async fn resume(v: &Visit) -> Result<Reply, Problem> {
    let id = v.part("id")?;
    v.operations().activate(id).await?;
    Ok(Reply::See(format!("subscriptions/{id}?done=resumed")))
}
