//! The source of a generated program: the same webhooks and the same five fields for every subject.

mod aide;
mod ours;
mod poem;
mod utoipa;

use std::fmt::Write;

use crate::program::{CHUNK, Models, Program};
use crate::subject::Subject;

/// How a program times itself; it is compiled into each of them.
const MEASURE: &str = include_str!("../../program/measure.rs");

/// The files of a program below its `src`.
pub(crate) fn files(program: Program) -> Vec<(String, String)> {
    let parts = program.webhooks.div_ceil(CHUNK);
    let mut files = vec![
        ("measure.rs".to_owned(), MEASURE.to_owned()),
        ("main.rs".to_owned(), main(program, parts)),
    ];
    for part in 0..parts {
        let range = part * CHUNK..program.webhooks.min((part + 1) * CHUNK);
        files.push((format!("part{part}.rs"), part_of(program, range.collect())));
    }
    files
}

fn main(program: Program, parts: usize) -> String {
    let mut text = String::from("mod measure;\n");
    for part in 0..parts {
        let _ = writeln!(text, "mod part{part};");
    }
    if program.models == Models::Shared {
        text += &model(program.subject, "Model");
    }
    let document = match program.subject {
        Subject::Registered | Subject::View => ours::collected(),
        Subject::Listed => ours::listed(parts),
        Subject::Poem => poem::document(parts),
        Subject::Utoipa => utoipa::document(parts),
        Subject::Aide => aide::document(parts),
    };
    text + &document + "\nfn main() {\n    measure::run(document);\n}\n"
}

fn part_of(program: Program, webhooks: Vec<usize>) -> String {
    let mut text = String::new();
    match program.models {
        Models::Shared => text += "use crate::Model;\n",
        Models::Distinct => {
            for i in &webhooks {
                text += &model(program.subject, &format!("Model{i}"));
            }
        }
    }
    let webhooks: Vec<Webhook> = webhooks
        .into_iter()
        .map(|number| Webhook {
            number,
            models: program.models,
        })
        .collect();
    text + &match program.subject {
        Subject::Registered => ours::functions(&webhooks),
        Subject::Listed => ours::functions(&webhooks) + &ours::list(&webhooks),
        Subject::View => ours::views(&webhooks),
        Subject::Poem => poem::webhooks(&webhooks),
        Subject::Utoipa => utoipa::webhooks(&webhooks),
        Subject::Aide => aide::webhooks(&webhooks),
    }
}

/// One webhook of a program.
struct Webhook {
    number: usize,
    models: Models,
}

impl Webhook {
    fn model(&self) -> String {
        match self.models {
            Models::Shared => "Model".to_owned(),
            Models::Distinct => format!("Model{}", self.number),
        }
    }

    /// The documentation, which every subject takes from a doc comment where it can.
    fn docs(&self) -> String {
        format!("Sent when thing {} has happened.", self.number)
    }
}

fn model(subject: Subject, name: &str) -> String {
    let derives = match subject {
        Subject::Registered | Subject::Listed | Subject::View => {
            "serde::Serialize, schemars::JsonSchema"
        }
        Subject::Poem => "poem_openapi::Object",
        Subject::Utoipa => "serde::Serialize, utoipa::ToSchema",
        Subject::Aide => "serde::Deserialize, schemars::JsonSchema",
    };
    format!(
        "
/// What the event is about.
#[derive({derives})]
#[allow(dead_code)]
pub struct {name} {{
    /// Who pays.
    pub customer: String,
    pub amount: f64,
    pub count: u32,
    pub note: Option<String>,
    pub is_paid: bool,
}}
"
    )
}
