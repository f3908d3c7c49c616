//! The key algorithms that are taken, and the names of those that are known and not taken.

/// An algorithm of a key that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Algorithm {
    Ed25519,
    SkEd25519,
    EcdsaP256,
    EcdsaP384,
    EcdsaP521,
    SkEcdsaP256,
    Rsa,
}

impl Algorithm {
    const ALL: [Self; 7] = [
        Self::Ed25519,
        Self::SkEd25519,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::SkEcdsaP256,
        Self::Rsa,
    ];

    /// The name on the wire and in front of a key.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
            Self::Rsa => "ssh-rsa",
        }
    }

    /// The short name that `ssh-keygen -l` shows in parentheses.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Ed25519 => "ED25519",
            Self::SkEd25519 => "ED25519-SK",
            Self::EcdsaP256 | Self::EcdsaP384 | Self::EcdsaP521 => "ECDSA",
            Self::SkEcdsaP256 => "ECDSA-SK",
            Self::Rsa => "RSA",
        }
    }
}

/// What a word says when it is the name of an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Taken(Algorithm),
    Dsa,
    Certificate,
}

impl Name {
    /// The algorithm this word names, unless it is none that is known here.
    pub(crate) fn of(word: &str) -> Option<Self> {
        if word == "ssh-dss" {
            Some(Self::Dsa)
        } else if word.ends_with("-cert-v01@openssh.com") {
            Some(Self::Certificate)
        } else {
            Algorithm::ALL.into_iter().find(|one| one.name() == word).map(Self::Taken)
        }
    }
}
