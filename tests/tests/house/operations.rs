//! The files for operators name what exists: each metric and label of the board and the alert rules is one of the sender's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use webhooks_sender::metrics::{METRICS, Metric, MetricKind};
use webhooks_sender::notices::operational_webhooks;
use webhooks_tests::{source, workspace};

const RULES: &str = "operations/prometheus/webhooks.yml";
const BOARD: &str = "operations/grafana/webhooks.json";

/// Labels that Prometheus itself gives, and those of an exporter.
const LABELS_OF_PROMETHEUS: [&str; 3] = ["instance", "job", "le"];

fn text(path: &str) -> String {
    let path: PathBuf = workspace::root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a text names of the sender's: each metric with the labels that are written behind it in braces.
fn named(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    for (start, _) in text.match_indices("webhooks_") {
        if text[..start].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let rest = &text[start..];
        let end = rest
            .find(|character| !is_word(character))
            .unwrap_or(rest.len());
        // A target of log lines: `webhooks_sender::attempt`.
        if rest[end..].starts_with("::") {
            continue;
        }
        let labels = found.entry(rest[..end].to_owned()).or_default();
        let selector = rest[end..]
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let matchers = selector.map_or("", |(selector, _)| selector).split(',');
        for matcher in matchers {
            let label: String = matcher
                .trim_start()
                .chars()
                .take_while(|one| is_word(*one))
                .collect();
            if !label.is_empty() {
                labels.insert(label);
            }
        }
    }
    found
}

fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| {
        let is_histogram = metric.kind == MetricKind::Histogram;
        name == metric.name || is_histogram && name.strip_suffix("_bucket") == Some(metric.name)
    })
}

/// Names and labels that do not exist, as sentences.
fn unknown(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, labels) in named(text) {
        let Some(metric) = metric(&name) else {
            problems.push(format!("the sender has no metric `{name}`"));
            continue;
        };
        let is_known = |label: &&String| {
            metric.labels.contains(&label.as_str())
                || LABELS_OF_PROMETHEUS.contains(&label.as_str())
        };
        let others = labels.iter().filter(|label| !is_known(label));
        problems.extend(others.map(|label| format!("`{name}` has no label `{label}`")));
    }
    problems
}

#[test]
fn every_metric_and_label_of_the_operators_files_exists() {
    for path in [RULES, "operations/prometheus/webhooks.test.yml", BOARD] {
        let problems = unknown(&text(path).replace("\\\"", "\""));
        assert!(problems.is_empty(), "{path}: {}", problems.join("; "));
    }
}

#[test]
fn a_metric_or_label_that_does_not_exist_is_found() {
    assert_eq!(
        unknown("sum(rate(webhooks_attempts{job=\"a\"}[5m]))").len(),
        1
    );
    assert_eq!(
        unknown("webhooks_attempts_total{outcome=\"failed\", status=\"500\"}").len(),
        1
    );
    assert_eq!(unknown("webhooks_taken_total_bucket{le=\"1\"}").len(), 1);
    assert_eq!(
        unknown("webhooks_attempt_seconds_bucket{le=\"1\"}, webhooks_sender::engine"),
        [""; 0]
    );
}

#[test]
fn every_metric_is_on_the_board() {
    let board = text(BOARD);
    for metric in METRICS {
        assert!(
            board.contains(metric.name),
            "{} is shown nowhere in {BOARD}",
            metric.name
        );
    }
}

#[test]
fn every_panel_of_the_board_has_a_place_a_text_and_a_query() {
    let board: Value = serde_json::from_str(&text(BOARD)).expect("JSON");
    let panels = board["panels"].as_array().expect("panels");
    let mut places: BTreeMap<(u64, u64), &str> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for panel in panels {
        let title = panel["title"].as_str().expect("a title");
        assert!(
            ids.insert(panel["id"].as_u64().expect("an id")),
            "{title}: its id is another's"
        );
        let number = |name: &str| panel["gridPos"][name].as_u64().expect("a place");
        for column in number("x")..number("x") + number("w") {
            for line in number("y")..number("y") + number("h") {
                assert!(column < 24, "{title} is beyond the right edge");
                let other = places.insert((column, line), title);
                assert_eq!(other, None, "{title} lies over another panel");
            }
        }
        if panel["type"] == "row" {
            continue;
        }
        assert!(
            panel["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty()),
            "{title}"
        );
        let queries = panel["targets"].as_array().expect("queries");
        assert!(!queries.is_empty(), "{title}");
        for query in queries {
            assert!(
                !named(query["expr"].as_str().expect("a query")).is_empty(),
                "{title}"
            );
        }
    }
}

/// The README's table: each event with what its payload holds.
#[test]
fn the_readme_names_each_operational_event_and_each_member_of_its_payload() {
    let readme = text("README.md");
    let webhooks = operational_webhooks().build().expect("no clash");
    for webhook in webhooks.iter() {
        let name = format!("`{}`", webhook.name());
        assert!(
            readme.contains(&format!("| {name} |")),
            "README.md has no row for {name}"
        );
        let payload = webhook.descriptor().payload_info().expect("a payload");
        let schema = payload.json_schema().expect("JSON");
        let reference = schema["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        let object = reference.map_or(Some(&schema), |pointer| schema.pointer(pointer));
        let members = object.and_then(|object| object["properties"].as_object());
        for member in members.unwrap_or_else(|| panic!("{name}: {schema}")).keys() {
            assert!(
                readme.contains(&format!("`{member}`")),
                "README.md does not name {member} of {name}"
            );
        }
    }
}

#[test]
fn only_observe_records_metrics() {
    let records = |path: &Path| {
        let text = fs::read_to_string(path).expect("a source file");
        ["counter!", "gauge!", "histogram!"]
            .iter()
            .any(|one| text.contains(one))
    };
    let sources = source::library("webhooks-sender").into_iter();
    let elsewhere =
        sources.filter(|file| file.module.first().is_none_or(|module| module != "observe"));
    let elsewhere: Vec<_> = elsewhere
        .filter(|file| records(&file.path))
        .map(|file| workspace::shown(&file.path))
        .collect();
    assert!(
        elsewhere.is_empty(),
        "record through `observe`, which has the HELP texts: {elsewhere:?}"
    );
}

#[test]
#[ignore = "needs promtool: cargo xtask test"]
fn the_alert_rules_say_what_their_tests_ask() {
    let promtool =
        std::env::var_os("WEBHOOKS_PROMTOOL").expect("WEBHOOKS_PROMTOOL names the program");
    let folder = workspace::root().join("operations/prometheus");
    for arguments in [
        &["check", "rules", "webhooks.yml"][..],
        &["test", "rules", "webhooks.test.yml"],
    ] {
        let output = Command::new(&promtool)
            .args(arguments)
            .current_dir(&folder)
            .output();
        let output = output.expect("promtool starts");
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
    }
}
