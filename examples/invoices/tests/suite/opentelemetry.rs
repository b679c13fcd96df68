//! With a tracer of OpenTelemetry, what is sent continues the current span: the hook as the documentation writes it.

use crate::fixture::HOOK;
use ::opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use invoices::webhooks::catalogue;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Instrument as _;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;
use webhooks_core::Message;
use webhooks_sender::trace::TraceContext;
use webhooks_sender::{Sender, SubscriptionRequest};

#[tokio::test]
async fn a_message_continues_the_current_span_of_opentelemetry() {
    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("invoices"));
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));

    let current = || {
        let context = tracing::Span::current().context();
        let span = context.span().span_context().clone();
        TraceContext::from_ids(
            span.trace_id().to_bytes(),
            span.span_id().to_bytes(),
            span.trace_flags().to_u8(),
        )
    };
    let sender = Sender::testing().webhooks(catalogue().expect("no clash"));
    let sender = sender
        .set(|builder| builder.trace_context(current))
        .start()
        .await
        .expect("a sender");
    let request = SubscriptionRequest::new(HOOK).event("invoice.*");
    sender
        .of("acct_1")
        .subscribe(request)
        .await
        .expect("a subscription");

    let entry = sender
        .catalogue()
        .get("invoice.paid")
        .expect("listed")
        .descriptor();
    let invoice = serde_json::json!({
        "id": 1, "customer": "Ada", "amount": 5, "currency": "EUR", "status": "paid"
    });
    let send = || sender.send("acct_1", Message::untyped(entry, &invoice));
    let span = tracing::info_span!("pay");
    send().instrument(span.clone()).await.expect("sent");
    send().await.expect("sent outside of any span");
    sender.deliver().await.expect("delivered");

    let trace = span.context().span().span_context().trace_id().to_string();
    let requests = sender.requests();
    let parents: Vec<_> = requests
        .iter()
        .map(|request| request.header("traceparent"))
        .collect();
    assert_eq!(parents.len(), 2);
    assert_eq!(&parents[0].expect("a trace")[3..35], trace);
    assert_eq!(parents[1], None);
}
