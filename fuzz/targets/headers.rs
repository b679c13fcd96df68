//! Requests without a valid signature: `cargo +nightly fuzz run headers`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    webhooks_fuzz::headers::check(data);
});
