//! What is wrong with an HTTP message signature.

use std::fmt;

use super::kind::RejectionKind;

/// What is wrong with an HTTP message signature (RFC 9421).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageSignatureProblem {
    /// `Signature` or `Signature-Input` is missing.
    Missing,
    /// `Signature` or `Signature-Input` is not a dictionary of the form that RFC 9421 gives it, the two do not belong
    /// together, or there are too many signatures.
    Malformed,
    /// A parameter that the profile asks for (`created`, `expires`, `nonce`, `keyid`, `alg`) is missing.
    ParameterMissing,
    /// `tag` is not the one of the profile.
    Tag,
    /// The algorithm is not one that the profile allows, or not the one of the key.
    Algorithm,
    /// `created` and `expires` contradict each other, or allow a longer time than the profile.
    Window,
    /// The signature has expired, or its time is outside the tolerance.
    Expired,
    /// A component that the profile asks for is not covered.
    ComponentMissing,
    /// A component is covered that this verifier cannot compute.
    ComponentUnknown,
    /// There is no key with this `keyid`.
    KeyUnknown,
    /// The key is not meant for this: its `use`, its `key_ops`, or a member that the profile asks for.
    KeyPurpose,
    /// The body is not the one whose digest is in `Content-Digest`, or that header has no digest that is known.
    Digest,
    /// The signature is not one of the covered components under the key.
    Signature,
}

impl MessageSignatureProblem {
    pub(super) const fn kind(self) -> RejectionKind {
        match self {
            Self::Missing => RejectionKind::Missing,
            Self::Malformed
            | Self::ParameterMissing
            | Self::Tag
            | Self::Algorithm
            | Self::Window
            | Self::ComponentMissing
            | Self::ComponentUnknown => RejectionKind::Malformed,
            Self::Expired => RejectionKind::Stale,
            Self::KeyUnknown | Self::KeyPurpose | Self::Digest | Self::Signature => {
                RejectionKind::Mismatch
            }
        }
    }
}

impl fmt::Display for MessageSignatureProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "`Signature` or `Signature-Input` is missing",
            Self::Malformed => "`Signature` and `Signature-Input` do not have the form of RFC 9421",
            Self::ParameterMissing => {
                "a parameter of the signature is missing that the profile asks for"
            }
            Self::Tag => "the `tag` of the signature is not the one of the profile",
            Self::Algorithm => {
                "the algorithm of the signature is not allowed, or not that of the key"
            }
            Self::Window => "`created` and `expires` allow no time, or more than the profile",
            Self::Expired => "the signature has expired, or its time is outside the tolerance",
            Self::ComponentMissing => "a component is not signed that the profile asks for",
            Self::ComponentUnknown => "a component is signed that cannot be computed here",
            Self::KeyUnknown => "there is no key with the `keyid` of the signature",
            Self::KeyPurpose => "the key is not meant to verify these signatures",
            Self::Digest => "the body is not the one whose digest is in `Content-Digest`",
            Self::Signature => "the signature does not match",
        })
    }
}
