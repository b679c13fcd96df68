//! Forms whose fields are signed: `cargo +nightly fuzz run forms`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    webhooks_fuzz::forms::check(data);
});
