//! What came of one pair of schemas so far: its changes, judged by who writes what the schemas describe, and the
//! pairs below it.

use super::comparison::{Comparison, Unit, Writer};
use crate::diff::change::{Draft, Side};
use crate::pointer::Pointer;
use crate::reference::Part;

/// What the new schema allows, compared with the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// More.
    Widened,
    /// Less.
    Narrowed,
    /// Something else, or it cannot be decided.
    Changed,
}

/// One pair at work.
pub(super) struct Work<'w, 'a> {
    comparison: &'w mut Comparison<'a>,
    writer: Writer,
    unit: Unit,
}

impl<'w, 'a> Work<'w, 'a> {
    pub(super) fn new(comparison: &'w mut Comparison<'a>, writer: Writer) -> Self {
        Self {
            comparison,
            writer,
            unit: Unit::default(),
        }
    }

    pub(super) fn writer(&self) -> Writer {
        self.writer
    }

    pub(super) fn push(&mut self, draft: Draft) {
        self.unit.drafts.push(draft);
    }

    pub(super) fn into_unit(self) -> Unit {
        self.unit
    }

    /// Has the schemas below compared.
    pub(super) fn go_on(&mut self, old: Part<'a>, new: Part<'a>) {
        let number = self.comparison.number(old, new, self.writer);
        self.unit.leads_to.extend(number);
    }

    /// Where a variant leads; itself, if its `$ref` cannot be followed.
    pub(super) fn end(&mut self, side: Side, part: &Part<'a>) -> Part<'a> {
        self.comparison
            .end(side, part.clone())
            .unwrap_or_else(|| part.clone())
    }

    pub(super) fn add(
        &mut self,
        rule: &'static str,
        effect: Effect,
        place: Pointer,
        message: impl Into<String>,
    ) {
        let draft = Draft::judged(
            rule,
            verdict(effect, self.writer),
            (Side::New, place),
            message,
        );
        self.unit.drafts.push(draft);
    }

    pub(super) fn add_old(
        &mut self,
        rule: &'static str,
        effect: Effect,
        place: Pointer,
        message: impl Into<String>,
    ) {
        let draft = Draft::judged(
            rule,
            verdict(effect, self.writer),
            (Side::Old, place),
            message,
        );
        self.unit.drafts.push(draft);
    }
}

/// Whether a change breaks a receiver, and why.
fn verdict(effect: Effect, writer: Writer) -> (bool, &'static str) {
    match (writer, effect) {
        (Writer::Sender, Effect::Widened) => {
            (true, "a receiver may get what the old document ruled out")
        }
        (Writer::Sender, Effect::Narrowed) => (false, "all that still comes could come before"),
        (Writer::Receiver, Effect::Widened) => (false, "every answer that was right still is"),
        (Writer::Sender, Effect::Changed) => (true, "a receiver may get what it does not expect"),
        (Writer::Receiver, Effect::Narrowed | Effect::Changed) => {
            (true, "an answer that was right may be wrong now")
        }
    }
}

/// Values in messages are for people; long ones are cut.
pub(super) fn cut(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short + ".."
    } else {
        short
    }
}
