//! Small pieces of a signed text, put together before they are hashed.
//!
//! A hash function takes whole blocks. A piece that is not one costs a copy into its block and the bookkeeping of that,
//! which for the point between id and time is many times the work on the point itself.

/// Room for an id, a time and what separates them; no piece that is longer is copied.
const ROOM: usize = 128;

/// The pieces that `sink` has not got yet.
pub(crate) struct PieceBuffer<'s, S> {
    bytes: [u8; ROOM],
    length: usize,
    sink: &'s mut S,
}

impl<'s, S: FnMut(&[u8])> PieceBuffer<'s, S> {
    #[inline]
    pub(crate) fn new(sink: &'s mut S) -> Self {
        Self {
            bytes: [0; ROOM],
            length: 0,
            sink,
        }
    }

    /// Adds a piece.
    #[inline]
    pub(crate) fn add(&mut self, piece: &[u8]) {
        // What separates two parts is one character in most schemes, and a call would take longer than copying it.
        if let ([byte], Some(room)) = (piece, self.bytes.get_mut(self.length)) {
            *room = *byte;
            self.length += 1;
            return;
        }
        let end = self.length + piece.len();
        if let Some(room) = self.bytes.get_mut(self.length..end) {
            room.copy_from_slice(piece);
            self.length = end;
        } else {
            self.add_whole(piece);
        }
    }

    /// Adds a piece without copying it: one that is long, or that must not be left behind in memory.
    #[inline(never)]
    pub(crate) fn add_whole(&mut self, piece: &[u8]) {
        self.flush();
        (self.sink)(piece);
    }

    /// Hands over what is still here.
    #[inline]
    pub(crate) fn flush(&mut self) {
        if self.length > 0 {
            (self.sink)(&self.bytes[..self.length]);
            self.length = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_arrive_in_their_order() {
        let text: Vec<u8> = (0..=u8::MAX).cycle().take(3000).collect();
        for seed in 1..200_usize {
            let mut arrived = Vec::new();
            let mut sink = |piece: &[u8]| arrived.extend_from_slice(piece);
            let mut gathered = PieceBuffer::new(&mut sink);
            let (mut rest, mut length) = (text.as_slice(), seed);
            while !rest.is_empty() {
                length = length * 31 % 307;
                let (piece, tail) = rest.split_at(length.min(rest.len()));
                if length % 5 == 0 {
                    gathered.add_whole(piece);
                } else {
                    gathered.add(piece);
                }
                rest = tail;
            }
            gathered.flush();
            assert_eq!(arrived, text, "{seed}");
        }
    }

    #[test]
    fn short_pieces_come_as_one_and_long_ones_as_they_are() {
        let mut lengths = Vec::new();
        let mut sink = |piece: &[u8]| lengths.push(piece.len());
        let mut gathered = PieceBuffer::new(&mut sink);
        for length in [31, 1, 10, 1, 1024, 5, 123, 1, 0] {
            gathered.add(&[7; 1024][..length]);
        }
        gathered.flush();
        assert_eq!(lengths, [43, 1024, 128, 1]);
    }
}
