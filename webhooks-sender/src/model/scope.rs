//! Whose subscriptions, messages and deliveries a call reaches.

/// Whose subscriptions, messages and deliveries a call reaches. It is part of each statement, so that another owner's
/// are simply not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope<'o> {
    /// Those of one owner.
    Owner(&'o str),
    /// Those of all owners: the operator's.
    AllOwners,
}

impl<'o> Scope<'o> {
    /// The owner, or none for all.
    pub(crate) fn owner(self) -> Option<&'o str> {
        match self {
            Self::Owner(owner) => Some(owner),
            Self::AllOwners => None,
        }
    }

    /// Whether a thing of this owner is reached.
    pub(crate) fn reaches(self, owner: &str) -> bool {
        self.owner().is_none_or(|own| own == owner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_reaches_its_own_and_the_operator_all() {
        let scope = Scope::Owner("a");
        assert!(scope.reaches("a") && !scope.reaches("b") && !scope.reaches(""));
        assert!(Scope::AllOwners.reaches("b"));
    }
}
