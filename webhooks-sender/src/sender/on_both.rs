//! What an account and the operator do in the same words.

/// The same methods on an account and on the operator. Written once, and yet rustdoc shows them on both, where a reader
/// looks for them.
macro_rules! on_both {
    ($title:literal; $($methods:tt)*) => {
        #[doc = concat!("# ", $title)]
        impl<D: Database> Account<D> { $($methods)* }
        #[doc = concat!("# ", $title)]
        impl<D: Database> Operator<D> { $($methods)* }
    };
}
