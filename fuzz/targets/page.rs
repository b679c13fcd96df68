//! The documentation page: `cargo +nightly fuzz run page`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    webhooks_fuzz::page::check(data);
});
