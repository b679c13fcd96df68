//! Names that a type can give itself: from its generic parameters and from the modules in which it is declared.
//!
//! A schema's id is a path with parameters, such as `shop::billing::Changed<shop::Order>`. Ids of types that describe
//! themselves by hand can be anything.

/// The names that a type can have, the shortest first; the last is like no other type's.
///
/// `Changed`, `ChangedOfOrder`, `billing_ChangedOfOrder`, `shop_billing_ChangedOfOrder`. Types of Rust are written
/// without underscores, so that a name with a module in it is hardly ever that of another type.
pub(super) fn candidates(base: &str, id: &str) -> Vec<String> {
    let mut candidates = vec![allowed(base)];
    let (path, parameters) = split_parameters(id);
    let mut name = allowed(base);
    let is_in_base = parameters
        .iter()
        .all(|parameter| name.contains(&short(parameter)));
    if !parameters.is_empty() && !is_in_base {
        let shorts: Vec<String> = parameters
            .iter()
            .map(|parameter| short(parameter))
            .collect();
        name = format!("{name}Of{}", shorts.join("And"));
        candidates.push(name.clone());
    }
    let segments: Vec<&str> = path.split("::").collect();
    if let Some((_, modules)) = segments.split_last() {
        for module in modules.iter().rev() {
            name = format!("{}_{name}", allowed(module));
            candidates.push(name.clone());
        }
    }
    candidates.push(format!("{name}_{:08x}", hash(id)));
    candidates
}

/// The name by which a type was called before it was numbered: the last segment of its id, where the number explains the
/// difference.
pub(super) fn base<'a>(name: &'a str, id: &'a str) -> &'a str {
    let (path, _) = split_parameters(id);
    let own = path.rsplit("::").next().unwrap_or(path);
    let number = name.strip_prefix(own).unwrap_or(name);
    let is_numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if name.len() > own.len() && is_numbered && !number.starts_with('0') {
        own
    } else {
        name
    }
}

/// What a person would write above a type so that it has a name of its own.
pub(super) fn rename_attribute(name: &str, base: &str, id: &str) -> String {
    let (_, parameters) = split_parameters(id);
    if parameters.is_empty() {
        let words = name.split('_').map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        });
        return format!("#[schemars(rename = \"{}\")]", words.collect::<String>());
    }
    format!("#[schemars(rename = \"{base}Of{{T}}\")]")
}

/// Component names have only these characters (OpenAPI 3.1, section 4.8.7.1).
pub(super) fn allowed(name: &str) -> String {
    let character = |c: char| {
        if c.is_ascii_alphanumeric() || "._-".contains(c) {
            c
        } else {
            '_'
        }
    };
    name.chars().map(character).collect()
}

/// `a::B<C, D>` is `a::B` with `C` and `D`.
fn split_parameters(id: &str) -> (&str, Vec<&str>) {
    let Some((path, rest)) = id.split_once('<') else {
        return (id, Vec::new());
    };
    let inside = rest.strip_suffix('>').unwrap_or(rest);
    (path, split_list(inside))
}

/// Splits at the commas that stand in no brackets.
fn split_list(list: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0_i32, 0);
    let mut parts = Vec::new();
    for (index, character) in list.char_indices() {
        match character {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(list[start..].trim());
    parts
}

/// A parameter as a word: `shop::Order` is `Order`, `[uint8]` is `Uint8List`, `Option<string>` is `OptionalString`.
fn short(id: &str) -> String {
    if let Some(inside) = id.strip_prefix('[').and_then(|id| id.strip_suffix(']')) {
        let item = inside.split_once("; ").map_or(inside, |(_, item)| item);
        return short(item) + "List";
    }
    let (path, parameters) = split_parameters(id);
    let name = path.rsplit("::").next().unwrap_or(path);
    let mut letters = name.chars().filter(char::is_ascii_alphanumeric);
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    let word: String = first.into_iter().chain(letters).collect();
    let shorts: Vec<String> = parameters
        .iter()
        .map(|parameter| short(parameter))
        .collect();
    match (word.as_str(), shorts.is_empty()) {
        (_, true) => word,
        ("Option", false) => format!("Optional{}", shorts.join("And")),
        (_, false) => format!("{word}Of{}", shorts.join("And")),
    }
}

/// FNV-1a, the same on every machine.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_grow_by_parameters_and_then_by_modules() {
        let names = candidates("Changed", "shop::billing::Changed<shop::Order>");
        assert_eq!(
            names[..4],
            [
                "Changed",
                "ChangedOfOrder",
                "billing_ChangedOfOrder",
                "shop_billing_ChangedOfOrder",
            ]
        );
        assert_eq!(names.len(), 5);
        assert_eq!(
            candidates("Status", "shop::billing::Status")[..3],
            ["Status", "billing_Status", "shop_billing_Status"]
        );
        assert_eq!(
            candidates("ChangedOrder", "shop::Changed{T}<shop::Order>")[1],
            "shop_ChangedOrder"
        );
    }

    #[test]
    fn parameters_are_words() {
        for (id, word) in [
            ("shop::Order", "Order"),
            ("[uint8]", "Uint8List"),
            ("[3; shop::Order]", "OrderList"),
            ("Option<string>", "OptionalString"),
            ("Map<string, [shop::Order]>", "MapOfStringAndOrderList"),
            ("shop::Pair<shop::A<u8>, (u8, u8)>", "PairOfAOfU8AndU8u8"),
        ] {
            assert_eq!(short(id), word, "{id}");
        }
    }

    #[test]
    fn a_number_behind_the_name_of_the_id_is_not_of_the_name() {
        assert_eq!(base("Status2", "shop::Status"), "Status");
        assert_eq!(base("Changed12", "shop::Changed<u8>"), "Changed");
        assert_eq!(base("Sha256", "shop::Sha256"), "Sha256");
        assert_eq!(base("Sha2562", "shop::Sha256"), "Sha256");
        assert_eq!(
            base("ChangedOrder", "shop::Changed{T}<shop::Order>"),
            "ChangedOrder"
        );
    }

    #[test]
    fn the_attribute_to_write_keeps_the_name_apart() {
        let of = |name, base, id| rename_attribute(name, base, id);
        assert_eq!(
            of("billing_Status", "Status", "shop::billing::Status"),
            "#[schemars(rename = \"BillingStatus\")]"
        );
        assert_eq!(
            of("ChangedOfOrder", "Changed", "shop::Changed<shop::Order>"),
            "#[schemars(rename = \"ChangedOf{T}\")]"
        );
    }
}
