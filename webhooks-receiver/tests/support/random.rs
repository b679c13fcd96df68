//! Random requests that are the same in every run.

/// A small generator with a fixed seed (xorshift64), so that a failure repeats.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Pieces of requests that parsers stumble over.
    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 28] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b"\"type\":",
            b"\"data\":",
            b"\"a\"",
            b"\"\\ud800\"",
            b"\"\\u0074ype\"",
            b",",
            b"null",
            b"1e999",
            b"-0",
            b"true",
            b"payload=",
            b"%7B%7D",
            b"&",
            b"=",
            b"%",
            b"+",
            b"\xff",
            b"\0",
            b" ",
            b"\xe2\x99\xa5",
            b"ssl_check=1",
            b"\"challenge\":",
            b"v1,AAAA ",
            b"1700000000",
        ];
        let count = self.below(12);
        (0..count)
            .flat_map(|_| self.one(&PIECES).to_vec())
            .collect()
    }
}
