//! Empty: cargo asks for a build script with `links`, and `links` is what keeps two copies apart.

fn main() {}
