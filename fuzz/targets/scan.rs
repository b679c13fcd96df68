//! The search in a body: `cargo +nightly fuzz run scan`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    webhooks_fuzz::scan::check(data);
});
