//! The attribute that makes a function a handler.

/// Makes an `async fn`, or the methods of an impl block, handlers of events.
///
/// ```
/// use axum::extract::State;
/// use webhooks_receiver::{Provider, Receiver, on};
///
/// #[derive(serde::Deserialize)]
/// struct Charge {
///     amount: u64,
/// }
///
/// #[derive(Clone)]
/// struct Db;
///
/// /// Books a charge.
/// #[on("charge.succeeded", "charge.updated")]
/// async fn charged(charge: Charge, State(db): State<Db>) -> Result<(), String> {
///     if charge.amount > 0 { Ok(()) } else { Err("a charge of nothing".to_owned()) }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let stripe: Receiver<Db> = Receiver::new(Provider::STRIPE).secret("whsec_1")?.on(charged);
///
/// // The function can still be called: unit tests need no request.
/// assert!(charged(Charge { amount: 0 }, State(Db)).await.is_err());
/// # Ok(())
/// # }
/// ```
///
/// # Events
///
/// One or several, each
///
/// - a name as the provider writes it, matched exactly: `"issues.opened"`, `"Push Hook"`, `"products/create"`;
/// - a name with a final `.*`, for everything below it;
/// - `"*"`, for everything;
/// - a webhook that was declared with `webhooks-core`: its function or method. The name is then that of the
///   declaration, and a payload of another type is a compile error.
///
/// ```
/// use webhooks_core::whpost;
/// use webhooks_receiver::{Received, on};
///
/// #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
/// struct Payment {
///     amount: u64,
/// }
///
/// #[whpost("payment.created")]
/// async fn payment_created(data: Payment);
///
/// #[on(payment_created)]
/// async fn book(payment: Payment) {}
///
/// #[on(payment_created, "payment.updated")]
/// async fn audit(payment: Received<Payment>) {}
/// ```
///
/// # Parameters
///
/// The first is the payload: a type with `Deserialize`, [`Received<T>`](crate::Received) for the payload with id, time,
/// headers and raw bytes, or `Received` alone to leave it unread. At most eight more are axum's extractors. Without
/// parameters nothing is read.
///
/// # Impl blocks
///
/// ```
/// use webhooks_receiver::{Provider, Receiver, on};
///
/// struct Mail {
///     from: String,
/// }
///
/// #[derive(serde::Deserialize)]
/// struct User {
///     email: String,
/// }
///
/// #[on]
/// impl Mail {
///     #[on("user.created")]
///     async fn welcome(&self, user: User) -> Result<(), String> {
///         println!("{} greets {}", self.from, user.email);
///         Ok(())
///     }
///
///     #[on("user.deleted")]
///     async fn farewell(&self, user: User) {}
/// }
///
/// let mail = Mail { from: "hello@example.com".to_owned() };
/// let receiver: Receiver = Receiver::new(Provider::SVIX)
///     .secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?
///     .on(mail);
/// # Ok::<(), webhooks_receiver::SetupError>(())
/// ```
///
/// # Collecting
///
/// `receiver = "github", state = App` leaves a function to the receivers that say
/// [`.collect("github")`](crate::Receiver::collect) and have the state `App` (`()` when none is said). Two providers in
/// one program have two keys.
///
/// ```
/// use axum::extract::State;
/// use webhooks_receiver::{Provider, Received, Receiver, on};
///
/// #[derive(Clone)]
/// struct App;
///
/// #[on("push", receiver = "github", state = App)]
/// async fn pushed(push: Received, State(app): State<App>) {}
///
/// let github = Receiver::<App>::new(Provider::GITHUB).secret("s3cret")?.collect("github")?;
/// # Ok::<(), webhooks_receiver::SetupError>(())
/// ```
///
/// `crate = path` names this crate where it is re-exported by another.
pub use webhooks_macros::on;
