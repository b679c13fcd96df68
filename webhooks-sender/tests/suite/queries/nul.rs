//! PostgreSQL refuses a NUL in any text, with an error that would otherwise read as the database's fault.

use webhooks_sender::Sender;
use webhooks_sender::query::{MessageFilter, PageRequest};

use crate::postgres::with_schema;
use crate::webhooks::bare;

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn a_nul_in_a_text_is_the_callers_mistake() {
    with_schema("nul", |pool| async move {
        let sender = Sender::new(pool).webhooks(bare()).testing();
        let sender = sender.start().await.expect("a sender");
        let account = sender.of("acct_1");
        let page = PageRequest::first(10);
        let found = account
            .messages(MessageFilter::new().event("a\0b"), page.clone())
            .await;
        let error = found.expect_err("refused");
        assert!(error.is_input(), "{error:?}");
        assert!(error.to_string().contains("NUL"), "{error}");
        let found = sender
            .of("acct\0")
            .messages(MessageFilter::new(), page)
            .await;
        assert!(found.is_err_and(|error| error.is_input()));
    })
    .await;
}
