//! What happens to invoices: each change and its message are one transaction, so either both are kept or neither.

use std::error::Error;

use webhooks_sender::Outbound;

use crate::App;
use crate::database::{NewInvoice, Tables};
use crate::events::{Invoice, Status, invoice_created, invoice_paid, invoice_voided};

/// What failed: the database, or the sender in it.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What happens to one invoice arrives in its order, whatever becomes of others: the documentation says so.
fn order_key(id: i64) -> String {
    format!("invoice {id}")
}

/// Writes an invoice.
///
/// # Errors
///
/// When the database fails.
pub async fn create<D: Tables>(
    app: &App<D>,
    account: &str,
    new: &NewInvoice,
) -> Result<Invoice, Failure> {
    // SQLite: in the queue with the sender's own writes. PostgreSQL: `pool.begin()` does the same.
    let mut tx = app.sender.begin().await?;
    let invoice = D::insert(&mut tx, account, new).await?;
    let message = Outbound::new(invoice_created(invoice.clone())).order_key(order_key(invoice.id));
    app.sender.send_in(&mut tx, account, message).await?;
    tx.commit().await?;
    Ok(invoice)
}

/// Takes note that an invoice has been paid; nothing where the account has none that is open.
///
/// # Errors
///
/// When the database fails.
pub async fn pay<D: Tables>(
    app: &App<D>,
    account: &str,
    id: i64,
) -> Result<Option<Invoice>, Failure> {
    let mut tx = app.sender.begin().await?;
    let Some(invoice) = D::close(&mut tx, account, id, Status::Paid).await? else {
        return Ok(None);
    };
    // The key makes it one message, also where another part of the application reports the same payment.
    let message = Outbound::new(invoice_paid(invoice.clone()))
        .idempotency_key(format!("invoice {id} paid"))
        .order_key(order_key(id));
    app.sender.send_in(&mut tx, account, message).await?;
    tx.commit().await?;
    Ok(Some(invoice))
}

/// Withdraws an invoice; nothing where the account has none that is open.
///
/// # Errors
///
/// When the database fails.
pub async fn void<D: Tables>(
    app: &App<D>,
    account: &str,
    id: i64,
) -> Result<Option<Invoice>, Failure> {
    let mut tx = app.sender.begin().await?;
    let Some(invoice) = D::close(&mut tx, account, id, Status::Void).await? else {
        return Ok(None);
    };
    let message = Outbound::new(invoice_voided(invoice.clone())).order_key(order_key(id));
    app.sender.send_in(&mut tx, account, message).await?;
    tx.commit().await?;
    Ok(Some(invoice))
}
