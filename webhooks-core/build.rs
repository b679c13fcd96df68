//! Empty: cargo asks for a build script beside `links`, and `links` is what keeps two copies apart.

fn main() {}
