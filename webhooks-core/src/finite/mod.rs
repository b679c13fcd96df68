//! Writing only what JSON has: numbers that are not finite are an error, with the place of the first.
//!
//! `serde_json` writes NaN and the infinities as `null`, and `serde_html_form` as words, where the schema of the type says
//! `number`: a body that does not fit its own document. A value is therefore written through a serializer that hands
//! everything on and refuses these. It does not judge anything else.

mod through;
mod trace;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

pub(crate) use self::through::Finite;
use self::trace::Trace;

/// Writes a value with `write`; the error names the place of a number that is not finite.
pub(crate) fn write<T, O, E>(
    value: &T,
    write: impl FnOnce(Finite<'_, T>) -> Result<O, E>,
) -> Result<O, WriteError>
where
    T: Serialize + ?Sized,
    E: Error + Send + Sync + 'static,
{
    let trace = Trace::default();
    let finite = Finite {
        value,
        trace: &trace,
    };
    write(finite).map_err(|error| WriteError::of(&trace, Arc::new(error)))
}

/// A value that could not be written.
#[derive(Debug)]
pub(crate) struct WriteError {
    pub(crate) reason: String,
    /// What the serializer said, where its words are the reason.
    pub(crate) source: Option<Arc<dyn Error + Send + Sync>>,
}

impl WriteError {
    /// Not generic, so that it is compiled once and not for each payload.
    fn of(trace: &Trace, error: Arc<dyn Error + Send + Sync>) -> Self {
        match trace.found.get() {
            Some(number) => {
                format!("`{}` is {number}, which JSON does not have", trace.path()).into()
            }
            None => Self {
                reason: error.to_string(),
                source: Some(error),
            },
        }
    }
}

impl From<String> for WriteError {
    fn from(reason: String) -> Self {
        let source = None;
        Self { reason, source }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Order {
        lines: Vec<Line>,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, f64>,
    }

    #[derive(Serialize)]
    struct Line {
        price: Option<f64>,
        size: (f32, f32),
        kind: Kind,
    }

    #[derive(Serialize)]
    enum Kind {
        Plain,
        Weighed(f64),
        Boxed { depth: f64 },
    }

    fn order(price: f64, width: f32, kind: Kind, rest: f64) -> Order {
        let line = Line {
            price: Some(price),
            size: (1.0, width),
            kind,
        };
        let rest = BTreeMap::from([("rest", rest)]);
        Order {
            lines: vec![line],
            rest,
        }
    }

    fn written(value: &impl Serialize) -> Result<String, String> {
        write(value, |value| serde_json::to_string(&value)).map_err(|error| error.reason)
    }

    #[test]
    fn a_number_that_is_not_finite_is_named_with_its_place() {
        for (order, problem) in [
            (
                order(f64::NAN, 1.0, Kind::Plain, 0.0),
                "`lines[0].price` is NaN, which JSON does not have",
            ),
            (
                order(0.0, f32::INFINITY, Kind::Plain, 0.0),
                "`lines[0].size[1]` is inf, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Weighed(f64::NEG_INFINITY), 0.0),
                "`lines[0].kind.Weighed` is -inf, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Boxed { depth: f64::NAN }, 0.0),
                "`lines[0].kind.depth` is NaN, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Plain, f64::NAN),
                "`rest` is NaN, which JSON does not have",
            ),
        ] {
            assert_eq!(written(&order), Err(problem.to_owned()));
        }
        assert_eq!(
            written(&f64::NAN),
            Err("`the value` is NaN, which JSON does not have".to_owned())
        );
    }

    #[test]
    fn everything_else_is_written_as_without_it() {
        let order = order(0.5, 2.0, Kind::Boxed { depth: -1e300 }, 1.0);
        let plain = serde_json::to_string(&order).expect("it can be written");
        assert_eq!(written(&order), Ok(plain));
        let value =
            serde_json::json!({ "a": [null, 1, u64::MAX, -1, 1.5, "\u{e9}", {}], "b": true });
        assert_eq!(written(&value), Ok(value.to_string()));
        assert_eq!(written(&i128::MIN), Ok(i128::MIN.to_string()));
        assert_eq!(written(&'x'), Ok("\"x\"".to_owned()));
    }
}
