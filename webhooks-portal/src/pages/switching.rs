//! A subscription switched off and on, and tested.

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

/// Sends the test event, and goes to its delivery: there it is seen arriving.
pub(crate) async fn test(v: &Visit) -> Result<Reply, Problem> {
    let (id, operations) = (v.part("id")?, v.operations());
    let sent = operations.test(id).await?;
    let deliveries = operations.deliveries_of(&sent.message).await?;
    Ok(Reply::See(match deliveries.data.first() {
        Some(delivery) => format!("deliveries/{}?done=tested", delivery.id),
        None => format!("subscriptions/{id}?done=tested"),
    }))
}
