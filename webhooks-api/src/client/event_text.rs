//! Server-sent events, read from bytes as they come (HTML Standard, section 9.2.6).

use std::time::Duration;

/// The longest line and the longest event: more is not of the API.
const MOST: usize = 4 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EventText {
    /// Its kind; empty where none was named.
    pub(super) kind: String,
    /// The last id that was named up to here.
    pub(super) id: Option<String>,
    /// Its data.
    pub(super) data: String,
}

/// What a block of lines is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Event(EventText),
    /// A comment: the other side is there.
    Comment,
}

/// Reads events from pieces of text.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    bytes: Vec<u8>,
    event: EventText,
    has_data: bool,
    has_comment: bool,
    /// How soon to come back.
    pub(super) retry: Option<Duration>,
}

/// More than an event can be.
#[derive(Debug)]
pub(super) struct TooLong;

impl EventReader {
    /// Takes what has come.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() + self.event.data.len() > MOST {
            return Err(TooLong);
        }
        Ok(())
    }

    /// The next block that is complete.
    pub(super) fn pop(&mut self) -> Option<Block> {
        while let Some(line) = self.line() {
            if !line.is_empty() {
                self.field(&line);
                continue;
            }
            let has_comment = std::mem::take(&mut self.has_comment);
            if std::mem::take(&mut self.has_data) {
                let id = self.event.id.clone();
                let mut event = std::mem::take(&mut self.event);
                self.event.id = id;
                // The last line break does not belong to the data.
                event.data.pop();
                return Some(Block::Event(event));
            }
            self.event.kind.clear();
            if has_comment {
                return Some(Block::Comment);
            }
        }
        None
    }

    /// A line that is complete, without its end: LF, CR LF, or CR with something behind it.
    fn line(&mut self) -> Option<String> {
        let end = self
            .bytes
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))?;
        let is_cr = self.bytes[end] == b'\r';
        // Whether a LF belongs to it is known with the next byte.
        let next = self.bytes.get(end + 1);
        let length = match (is_cr, next) {
            (true, None) => return None,
            (true, Some(b'\n')) => 2,
            _ => 1,
        };
        let line = String::from_utf8_lossy(&self.bytes[..end]).into_owned();
        self.bytes.drain(..end + length);
        Some(line)
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" => self.has_comment = true,
            "event" => value.clone_into(&mut self.event.kind),
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "data" => {
                self.has_data = true;
                self.event.data.push_str(value);
                self.event.data.push('\n');
            }
            "retry" => self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(pieces: &[&str]) -> Vec<Block> {
        let mut reader = EventReader::default();
        let mut blocks = Vec::new();
        for piece in pieces {
            reader.push(piece.as_bytes()).expect("short");
            blocks.extend(std::iter::from_fn(|| reader.pop()));
        }
        blocks
    }

    fn event(kind: &str, id: Option<&str>, data: &str) -> Block {
        Block::Event(EventText {
            kind: kind.to_owned(),
            id: id.map(str::to_owned),
            data: data.to_owned(),
        })
    }

    #[test]
    fn events_are_read_as_the_standard_says_wherever_they_are_cut() {
        let text = "retry: 3000\n\nevent: message\nid: 1\ndata: {}\n\n: nothing\n\ndata:a\r\ndata: b\r\n\r\nevent: x\n\nid\ndata\n\n";
        let expected = [
            event("message", Some("1"), "{}"),
            Block::Comment,
            event("", Some("1"), "a\nb"),
            event("", Some(""), ""),
        ];
        assert_eq!(blocks(&[text]), expected);
        for at in 0..text.len() {
            let (one, two) = text.split_at(at);
            assert_eq!(blocks(&[one, two]), expected, "cut at {at}");
        }
    }

    #[test]
    fn what_never_ends_is_refused() {
        let mut reader = EventReader::default();
        let piece = vec![b'a'; MOST];
        assert!(reader.push(&piece).is_ok());
        assert!(reader.push(b"a").is_err());
    }

    #[test]
    fn a_text_without_an_end_is_no_event_yet() {
        assert_eq!(blocks(&["data: a\n"]), []);
        assert_eq!(blocks(&["data: a\n", "\n"]), [event("", None, "a")]);
    }
}
