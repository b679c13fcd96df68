//! What is compared: our three ways to declare and list webhooks, and the peers' ways.

/// A way to declare webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// `#[whpost]` on functions, found by `Webhooks::collect`.
    Registered,
    /// The same, and each listed by `.with`.
    Listed,
    /// Ten methods in each `#[whview]`.
    View,
    Poem,
    Utoipa,
    Aide,
}

/// All subjects, ours first.
pub(crate) fn all(peers: bool) -> Vec<Subject> {
    let mut subjects = vec![Subject::Registered, Subject::Listed, Subject::View];
    if peers {
        subjects.extend([Subject::Poem, Subject::Utoipa, Subject::Aide]);
    }
    subjects
}

impl Subject {
    /// In names of packages.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Listed => "listed",
            Self::View => "view",
            Self::Poem => "poem",
            Self::Utoipa => "utoipa",
            Self::Aide => "aide",
        }
    }

    /// In tables.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Registered => "**webhooks**, function, registered",
            Self::Listed => "**webhooks**, function, registered and `.with`",
            Self::View => "**webhooks**, method of a view (ten each)",
            Self::Poem => "poem-openapi 5.1.16",
            Self::Utoipa => "utoipa 6.0.0",
            Self::Aide => "aide 0.16.0-alpha.4",
        }
    }

    /// Our three ways make one and the same document; the first stands for them.
    pub(crate) fn makes_a_document_of_its_own(self) -> bool {
        !matches!(self, Self::Listed | Self::View)
    }

    /// The dependencies of a program, as lines of its manifest. The peers' versions are exact, because the tables name
    /// them.
    pub(crate) fn dependencies(self) -> String {
        match self {
            Self::Registered | Self::Listed | Self::View => {
                let core = concat!(env!("CARGO_MANIFEST_DIR"), "/../../webhooks-core");
                format!(
                    "webhooks-core = {{ path = {core:?} }}\nschemars = \"1\"\nserde = {SERDE}\n"
                )
            }
            Self::Poem => format!("poem-openapi = \"=5.1.16\"\nserde = {SERDE}\n"),
            Self::Utoipa => format!("utoipa = \"=6.0.0\"\nserde = {SERDE}\n"),
            Self::Aide => format!(
                "aide = {{ version = \"=0.16.0-alpha.4\", features = [\"axum\", \"axum-json\"] }}\n\
                 axum = {AXUM}\nschemars = \"1\"\nserde = {SERDE}\nserde_json = \"1\"\n"
            ),
        }
    }
}

const SERDE: &str = "{ version = \"1\", features = [\"derive\"] }";

const AXUM: &str = "{ version = \"0.8\", default-features = false, features = [\"json\"] }";
