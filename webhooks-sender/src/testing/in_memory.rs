//! The kit without a database of the application's: one in memory.

use webhooks_store::{Sqlite, Store};

use super::TestSenderBuilder;
use super::kit_entropy::KitEntropy;
use crate::builder::SenderBuilder;
use crate::entropy::SeededEntropy;
use crate::sender::Sender;

impl Sender<Sqlite> {
    /// A sender for tests of an application without a database of its own: as
    /// [`SenderBuilder::testing`](crate::SenderBuilder::testing), which fits all others, in memory. The clock stands still at
    /// 2027-01-15 08:00 UTC until it is turned, and ids are the same in each run.
    ///
    /// It is a [`Sender`] like any other: give it to the code that is to be tested.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_core::{Webhooks, whpost};
    /// use webhooks_sender::{Error, Sender, Sqlite, Subscription};
    /// use webhooks_sender::testing::TestAnswer;
    ///
    /// #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
    /// struct Payment { amount: u32 }
    ///
    /// /// Sent as soon as the bank has confirmed a payment.
    /// #[whpost("payment.created")]
    /// async fn payment_created(data: Payment);
    ///
    /// // What is to be tested:
    /// async fn pay(sender: &Sender<Sqlite>, account: &str, amount: u32) -> Result<(), Error> {
    ///     sender.send(account, payment_created(Payment { amount })).await?;
    ///     Ok(())
    /// }
    ///
    /// // #[tokio::test]
    /// async fn a_payment_is_told_to_the_account_and_again_when_it_could_not_be() -> Result<(), Error> {
    ///     let webhooks = Webhooks::new().with(payment_created).build().expect("one webhook");
    ///     let sender = Sender::testing().webhooks(webhooks).start().await?;
    ///     sender.operator().subscribe(Subscription::new("acct_1", "https://one.example.com/").event("payment.*")).await?;
    ///     sender.operator().subscribe(Subscription::new("acct_2", "https://two.example.com/").event("payment.*")).await?;
    ///
    ///     pay(&sender, "acct_1", 10).await?;
    ///     sender.answers([TestAnswer::status(500), TestAnswer::status(503).header("retry-after", "60")]);
    ///     sender.pass(Duration::from_secs(3600)).await?;         // an hour, with everything that falls due in it
    ///
    ///     sender.assert_sent("payment.created", "https://one.example.com/", 3);
    ///     sender.assert_sent("payment.created", "https://two.example.com/", 0);
    ///     let requests = sender.requests_to("https://one.example.com/");
    ///     assert_eq!(requests[0].data::<Payment>(), Payment { amount: 10 });
    ///     assert_eq!(requests[0].header("webhook-id"), requests[2].header("webhook-id"));
    ///     Ok(())
    /// }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(a_payment_is_told_to_the_account_and_again_when_it_could_not_be()).unwrap();
    /// ```
    pub fn testing() -> TestSenderBuilder<Sqlite> {
        let kit = SenderBuilder::on(Store::memory()).testing();
        // No other test shares this database, so its ids need not differ from run to run.
        kit.set(|builder| builder.entropy(KitEntropy(SeededEntropy::new(7))))
    }
}
