//! Bodies that are signed: `cargo +nightly fuzz run body`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    webhooks_fuzz::body::check(data);
});
