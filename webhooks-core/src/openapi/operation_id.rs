//! Operation ids: identifier-safe and unique over routes and webhooks together.
//!
//! Generators name types after them; a clash is an error, because a number behind a name would change when another
//! webhook comes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::method::Method;

/// `payment.created` and POST make `payment_created_post`.
pub(crate) fn of_webhook(event: &str, method: Method) -> String {
    identifier(&format!("{event}_{}", method.key()))
}

/// `/users/{id}` and GET make `get_users_id`.
pub(crate) fn of_route(path: &str, method: Method) -> String {
    let words = path
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    identifier(&words.fold(method.key().to_owned(), |id, word| id + "_" + word))
}

fn identifier(text: &str) -> String {
    let mut id: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if id.starts_with(|c: char| c.is_ascii_digit()) {
        id.insert(0, '_');
    }
    id
}

/// Who has which operation id.
#[derive(Debug, Default)]
pub(crate) struct OperationIds {
    owners: HashMap<String, String>,
}

impl OperationIds {
    pub(crate) fn is_empty(&self) -> bool {
        self.owners.is_empty()
    }

    /// Who has this id.
    pub(crate) fn owner(&self, id: &str) -> Option<&str> {
        self.owners.get(id).map(String::as_str)
    }

    /// Takes an id for an owner, such as "the webhook `payment.created` (POST)"; the problem when it is taken.
    pub(crate) fn take(&mut self, id: &str, owner: impl FnOnce() -> String) -> Result<(), String> {
        match self.owners.entry(id.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(owner());
                Ok(())
            }
            Entry::Occupied(first) => Err(format!(
                "{} and {} have the same operation id `{id}`: say another with `operation_id = \"..\"`",
                first.get(),
                owner()
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_identifiers() {
        assert_eq!(
            of_webhook("payment.card-declined", Method::Post),
            "payment_card_declined_post"
        );
        assert_eq!(of_webhook("3d.secure", Method::Put), "_3d_secure_put");
        assert_eq!(of_route("/users/{id}/", Method::Get), "get_users_id");
        assert_eq!(of_route("/", Method::Get), "get");
    }

    #[test]
    fn a_clash_names_both_owners() {
        let mut ids = OperationIds::default();
        ids.take("a_b_post", || "the webhook `a.b`".to_owned())
            .expect("the first");
        let problem = ids
            .take("a_b_post", || "the webhook `a-b`".to_owned())
            .expect_err("the second");
        assert!(
            problem.contains("`a.b`")
                && problem.contains("`a-b`")
                && problem.contains("operation_id")
        );
    }
}
