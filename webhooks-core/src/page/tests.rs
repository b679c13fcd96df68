//! Rules of the page as a whole, on documents of several frameworks, on hostile and on random ones.

use serde_json::{Map, Value, json};

use super::{Page, Pages};

mod linear;
mod markup;
mod palette;
mod random;
mod reference;

use markup::{check, text_of};

/// Schemars' output for every kind of type, several methods, tags, a replaced webhook.
const EVERY_SHAPE: &str = include_str!("fixtures/every-shape.json");

const DOCUMENTS: [&str; 8] = [
    EVERY_SHAPE,
    include_str!("fixtures/green-baseline.json"),
    include_str!("fixtures/esmerald-seed_cbv.openapi.json"),
    include_str!("fixtures/esmerald-seed_functions.openapi.json"),
    include_str!("fixtures/esmerald-whroute_4_methods.openapi.json"),
    include_str!("fixtures/fastapi-header_params.openapi.json"),
    include_str!("fixtures/fastapi-security.openapi.json"),
    include_str!("fixtures/fastapi-seed_fastapi.openapi.json"),
];

fn page(document: &Value) -> String {
    render(
        document,
        &Page {
            script_url: Some("docs.js".to_owned()),
            ..Page::default()
        },
    )
}

fn render(document: &Value, page: &Page) -> String {
    Pages::new(document.clone()).whole(page)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("fixtures are JSON")
}

/// The section of one webhook as text.
fn section(document: &Value, event: &str) -> String {
    let html = page(document);
    let begin = html
        .find(&format!("id=\"event-{event}\""))
        .expect("the event has a section");
    let html = &html[begin..];
    text_of(
        &html[html.find('>').expect("the tag ends") + 1
            ..html.find("</article>").expect("the section ends")],
    )
}

fn with_payload(schema: &Value, schemas: &Value) -> Value {
    json!({
        "webhooks": {"e": {"post": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn every_event_method_and_field_is_on_the_page() {
    for document in DOCUMENTS.map(parsed) {
        let text = text_of(&page(&document));
        let mut pending: Vec<&Value> = vec![&document["components"]["schemas"]];
        for (name, item) in document["webhooks"]
            .as_object()
            .expect("fixtures have webhooks")
        {
            let section = section(&document, name);
            for method in item.as_object().expect("path items are objects").keys() {
                assert!(section.contains(&method.to_uppercase()), "{name} {method}");
            }
            pending.push(item);
        }
        while let Some(value) = pending.pop() {
            if let Some(properties) = value.get("properties").and_then(Value::as_object) {
                // FastAPI documents answers of its own that the page shows only by reference.
                let own = properties.keys().filter(|name| {
                    !["loc", "msg", "detail", "ctx", "input"].contains(&name.as_str())
                });
                own.for_each(|name| assert!(text.contains(name.as_str()), "{name}"));
            }
            match value {
                Value::Array(items) => pending.extend(items),
                Value::Object(members) => pending.extend(members.values()),
                _ => {}
            }
        }
    }
}

#[test]
fn the_markup_is_sound_and_needs_nothing_inline() {
    for document in DOCUMENTS.map(parsed) {
        check(&page(&document));
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = parsed(EVERY_SHAPE);
    assert_eq!(page(&document), page(&document));
}

#[test]
fn the_four_enum_taggings_read_as_variants() {
    let text = section(&parsed(EVERY_SHAPE), "payment.created");
    for expected in [
        "method variant 2 of 3: kind is bank",
        "shape variant 1 of 4: the value Point",
        "shape variant 2 of 4: with Circle",
        "adj variant 3 of 3: t is C",
        "un variant 3 of 3: Bank (object)",
        // A flattened enum belongs to the object itself.
        "variant 2 of 2: with right",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn nested_fields_have_readable_paths() {
    let text = section(&parsed(EVERY_SHAPE), "payment.created");
    for path in [
        "customer.address.city",
        "items[].sku",
        "scores.*.count",
        "page.items[].sku",
        "shape.Circle.r",
        "right.v",
    ] {
        assert!(text.contains(path), "{path}: {text}");
    }
    let odd = with_payload(
        &json!({"properties": {"a.b": {"properties": {"c": true}}}}),
        &json!({}),
    );
    assert!(section(&odd, "e").contains("[\"a.b\"].c"));
}

#[test]
fn a_recursive_type_is_cut_with_a_link_to_it() {
    let html = page(&parsed(EVERY_SHAPE));
    assert!(html.contains("see <a href=\"#type-Node\"><code>Node</code></a>"));
    assert_eq!(
        html.matches("<section class=\"type\" id=\"type-Node\">")
            .count(),
        1
    );
}

#[test]
fn types_that_contain_one_another_do_not_multiply() {
    let names: Vec<_> = (0..40).map(|n| format!("T{n}")).collect();
    let field = |name: &String| {
        (
            name.clone(),
            json!({"$ref": format!("#/components/schemas/{name}")}),
        )
    };
    let all: Map<_, _> = names.iter().map(field).collect();
    let schemas: Map<_, _> = names
        .iter()
        .map(|name| (name.clone(), json!({"properties": all})))
        .collect();
    let html = page(&with_payload(
        &json!({"$ref": "#/components/schemas/T0"}),
        &Value::Object(schemas),
    ));
    check(&html);
    assert!(html.len() < 1_000_000, "{}", html.len());
}

#[test]
fn the_page_grows_with_the_document_alone() {
    let document = |events: usize| {
        let fields: Map<_, _> = (0..200)
            .map(|n| (format!("field_{n}"), json!({"type": "string"})))
            .collect();
        let schema = json!({"type": "object", "properties": {"data": {"$ref": "#/components/schemas/Shared"}}});
        let content = json!({"application/json": {"schema": schema, "example": {}}});
        let operation = json!({"summary": "S", "requestBody": {"content": content}});
        let webhooks: Map<_, _> = (0..events)
            .map(|n| (format!("event.{n}"), json!({"post": operation})))
            .collect();
        json!({"webhooks": webhooks, "components": {"schemas": {"Shared": {"properties": fields}}}})
    };
    let (some, many) = (page(&document(250)), page(&document(500)));
    let each = (many.len() - some.len()) / 250;
    assert!(each < 1_300, "{each} bytes for each further event");
    assert_eq!(many.matches("field_199").count(), 1);
}

#[test]
fn an_index_of_many_webhooks_is_closed_and_complete() {
    let item = json!({"post": {"tags": ["t"]}});
    let document = |events: usize| {
        let webhooks: Map<_, _> = (0..events)
            .map(|n| (format!("event.{n}"), item.clone()))
            .collect();
        json!({"webhooks": webhooks})
    };
    assert!(page(&document(5)).contains("<details class=\"group\" open>"));
    let html = page(&document(500));
    assert!(!html.contains("<details class=\"group\" open>"));
    assert_eq!(
        html.matches("<a href=\"#event-event.").count(),
        1_000,
        "index and heading"
    );
}

#[test]
fn a_replaced_webhook_links_to_its_successor() {
    let html = page(&parsed(EVERY_SHAPE));
    assert!(html.contains(
        "Use <a href=\"#event-payment.created\"><code>payment.created</code></a> instead."
    ));
    assert!(section(&parsed(EVERY_SHAPE), "payment.failed").contains("deprecated"));
}

#[test]
fn examples_of_the_document_win_over_made_ones() {
    let document = parsed(include_str!("fixtures/green-baseline.json"));
    let text = section(&document, "invoice.paid");
    assert!(
        text.contains("Example: Paid by card") && text.contains("\"last4\": \"4242\""),
        "{text}"
    );
    assert!(section(&document, "shared.event").contains("Example, made from the fields"));
}

#[test]
fn signed_webhooks_link_to_one_recipe() {
    let html = page(&parsed(EVERY_SHAPE));
    assert_eq!(html.matches("id=\"verify\"").count(), 1);
    assert!(
        text_of(&html).contains("Standard Webhooks HMAC-SHA256."),
        "the scheme's own description"
    );
    assert!(
        html.contains("timingSafeEqual")
            && html.contains("compare_digest")
            && html.contains("verify_slice")
    );
    let unsigned = page(&parsed(include_str!(
        "fixtures/fastapi-seed_fastapi.openapi.json"
    )));
    assert!(!unsigned.contains("#verify"));
}

#[test]
fn addresses_are_those_of_the_page() {
    let page = Page {
        title: Some("Mine".to_owned()),
        json_url: "../api.json".to_owned(),
        yaml_url: Some("../api.yaml".to_owned()),
        style_url: "s.css".to_owned(),
        script_url: None,
        links: vec![("Swagger UI".to_owned(), "../swagger".to_owned())],
    };
    let html = render(&parsed(EVERY_SHAPE), &page);
    for expected in [
        "<title>Mine</title>",
        "href=\"../api.json\"",
        "<a href=\"../swagger\">Swagger UI</a>",
        "href=\"../api.yaml\"",
        "rel=\"stylesheet\" href=\"s.css\"",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    assert!(!html.contains("<script"));
}

#[test]
fn hostile_text_is_inert_in_every_place() {
    for hostile in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "[x](javascript:alert(1)) ![y](https://elsewhere.test/y.png) <javascript:alert(1)>",
        "</code></pre></title><style>*{display:none}</style>",
        "javascript:alert(1)",
    ] {
        for document in DOCUMENTS.map(parsed) {
            let html = page(&random::with_every_text(&document, hostile));
            check(&html);
            assert!(
                !html.to_lowercase().contains("href=\"javascript"),
                "{hostile}"
            );
        }
    }
}

#[test]
fn a_hostile_event_name_cannot_leave_its_attributes() {
    let html =
        page(&json!({"webhooks": {"\"><img onerror=x>": {"post": {"tags": ["<b>"]}}, "": {}}}));
    check(&html);
    assert!(
        html.contains("id=\"event-~22~3e~3cimg~20onerror~3dx~3e\""),
        "{html}"
    );
}

#[test]
fn long_words_wrap() {
    let word = "w".repeat(10_000);
    let document = random::with_every_text(&parsed(EVERY_SHAPE), &word);
    check(&page(&document));
    assert!(
        Page::STYLE.contains("overflow-wrap: anywhere")
            && Page::STYLE.contains("white-space: pre-wrap")
    );
}

#[test]
fn no_sentence_is_torn_into_the_columns_of_a_row() {
    let in_rows = |rule: &&str| rule.contains("display: flex") || rule.contains("display: grid");
    for rule in Page::STYLE.split('}').filter(in_rows) {
        let blocks = [".links {", ".responses > div {", "body {"];
        assert!(blocks.iter().any(|one| rule.contains(one)), "{rule}");
    }
}

#[test]
fn no_document_makes_the_page_fail() {
    for document in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"webhooks": []}),
        json!({"webhooks": {"a": 1}}),
    ] {
        let html = page(&document);
        check(&html);
        assert!(html.contains("<h1>Webhooks</h1>"));
    }
    let mut random = random::Random::new(0x5eed);
    for document in DOCUMENTS.map(parsed) {
        for _ in 0..60 {
            let mut broken = document.clone();
            for _ in 0..=random.below(12) {
                random.damage(&mut broken);
            }
            check(&page(&broken));
        }
    }
    for _ in 0..300 {
        check(&page(&random.document()));
    }
}

#[test]
fn deep_schemas_end() {
    let mut inline = json!({"type": "integer"});
    for _ in 0..300 {
        inline = json!({"properties": {"a": {"type": "array", "items": {"oneOf": [inline, {"type": "array"}]}}}});
    }
    check(&page(&with_payload(&inline, &json!({}))));

    let link = |n: usize| json!({"properties": {"next": {"$ref": format!("#/components/schemas/L{}", n + 1)}}});
    let chain: Map<_, _> = (0..500).map(|n| (format!("L{n}"), link(n))).collect();
    check(&page(&with_payload(
        &json!({"$ref": "#/components/schemas/L0"}),
        &Value::Object(chain),
    )));
}

#[test]
fn style_and_script_ask_no_other_host() {
    for asset in [Page::STYLE, Page::SCRIPT] {
        for forbidden in [
            "http:",
            "https:",
            "url(",
            "@import",
            "eval(",
            "innerHTML",
            "fetch(",
        ] {
            assert!(!asset.contains(forbidden), "{forbidden}");
        }
    }
    assert!(Page::STYLE.len() < 14_000 && Page::SCRIPT.len() < 6_000);
}

#[test]
fn the_palette_has_enough_contrast() {
    palette::check(Page::STYLE);
}
