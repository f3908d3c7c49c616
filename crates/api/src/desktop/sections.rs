//! The pages of the account by the names they have outside of the window: in links, in the tray, in the app's entry on the
//! desktop. The page's own list is made of them too, so that there is one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! sections {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// A page of the account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "kebab-case")]
        pub enum Section { $(#[doc = $doc] $variant,)* }

        impl Section {
            /// Every one, in the order of the sidebar.
            pub const ALL: &[Section] = &[$(Section::$variant),*];

            /// Its name, as in `latchkey://api-keys`.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The one of this name, letter by letter.
            pub fn named(name: &str) -> Option<Self> { Self::ALL.iter().copied().find(|one| one.as_str() == name) }
        }
    };
}

sections! {
    Password    "password"    "The password.",
    TwoFactor   "two-factor"  "Two-factor authentication.",
    ApiKeys     "api-keys"    "API keys.",
    Sessions    "sessions"    "The devices that are signed in.",
    CheckUp     "check-up"    "The security check-up.",
    SshKeys     "ssh-keys"    "SSH keys.",
    SourceCode  "source-code" "Connections with providers of source code.",
    Registries  "registries"  "Container registries.",
    Activity    "activity"    "What happened on the account.",
    Delete      "delete"      "Deleting the account.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_one_name_everywhere() {
        for section in Section::ALL {
            assert_eq!(serde_json::to_value(section).unwrap(), section.as_str());
            assert_eq!(Section::named(section.as_str()), Some(*section));
        }
        for unknown in ["", "Sessions", "sessions ", "session", "profile"] {
            assert_eq!(Section::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_guide_and_the_manual_page_list_each() {
        let guide = include_str!("../../../../docs/USER-GUIDE.md");
        let links = guide.split("**Links.**").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap_or_default();
        let page = include_str!("../../../../packaging/app/latchkey.1.rest").replace("\\-", "-");
        let listed =
            page.split("SECTION").nth(1).and_then(|rest| rest.split("Links of this form").next()).unwrap_or_default();
        for section in Section::ALL {
            let name = section.as_str();
            assert!(links.contains(&format!("`{name}`")), "docs/USER-GUIDE.md lacks {name}: {links}");
            let words =
                |text: &str| text.split(|c: char| !(c.is_ascii_lowercase() || c == '-')).any(|word| word == name);
            assert!(words(listed), "packaging/app/latchkey.1.rest lacks {name}: {listed}");
        }
    }
}
