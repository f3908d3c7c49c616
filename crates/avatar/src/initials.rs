//! The avatar of a person who has chosen none: initials on a colour, as SVG.

use std::fmt::Write;

/// The colours of section 2 of the design, each with white text at 5.4:1 or better.
pub const COLOURS: [&str; 6] = ["#2F6F86", "#7A5C9E", "#8A5A3B", "#4B6B3A", "#A04A5E", "#4F6278"];

/// One or two letters for a name: the first of its first word and the first of its last, in upper case.
///
/// Words are what white space and hyphens separate. Letters of any script count, marks that belong to the letter stay
/// with it, and digits count too. A name without any letter or digit gives an empty string.
///
/// ```
/// use latchkey_avatar::initials::initials;
/// assert_eq!(initials("Ada King Lovelace"), "AL");
/// assert_eq!(initials("ada"), "A");
/// assert_eq!(initials("王小明"), "王");
/// ```
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || c == '-').filter_map(initial);
    let first = words.next();
    let last = words.next_back();
    [first, last].into_iter().flatten().collect()
}

/// The first letter or digit of a word in upper case, with the combining marks that follow it.
fn initial(word: &str) -> Option<String> {
    let start = word.find(char::is_alphanumeric)?;
    let mut letters = word[start..].chars();
    let first = letters.next()?;
    // German ß becomes SS: one letter is enough.
    let upper = if first.to_uppercase().count() == 1 { first.to_uppercase().next()? } else { first };
    Some(std::iter::once(upper).chain(letters.take_while(|&c| is_combining(c))).collect())
}

/// Combining marks of the blocks that follow a base letter in names: Latin, Arabic and Hebrew vowels, Indic signs.
fn is_combining(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0300..=0x036f
            | 0x0591..=0x05bd
            | 0x0610..=0x061a
            | 0x064b..=0x065f
            | 0x0900..=0x0903
            | 0x093a..=0x094f
            | 0x0981..=0x0983
            | 0x09bc..=0x09cd
            | 0x0e31
            | 0x0e34..=0x0e3a
            | 0x0e47..=0x0e4e
            | 0x1ab0..=0x1aff
            | 0x1dc0..=0x1dff
            | 0x20d0..=0x20ff
            | 0xfe00..=0xfe0f
            | 0xfe20..=0xfe2f
    )
}

/// The colour of an account: one of [`COLOURS`] by the FNV-1a hash, 32 bits, of the user name's UTF-8 bytes, modulo 6.
///
/// In TypeScript:
///
/// ```ts
/// let hash = 0x811c9dc5;
/// for (const byte of new TextEncoder().encode(username)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
/// return COLOURS[hash % 6];
/// ```
#[must_use]
pub fn colour(username: &str) -> &'static str {
    let hash = username.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    COLOURS[hash as usize % COLOURS.len()]
}

/// A square SVG document of `size` CSS pixels: the initials of `name`, or of `username` where the name has none, in
/// white on the account's colour.
///
/// The text is set in whatever sans-serif the viewer has, so that every script shows.
#[must_use]
pub fn svg(name: &str, username: &str, size: u32) -> String {
    let mut text = initials(name);
    if text.is_empty() {
        text = initials(username);
    }
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 64 64" role="img"><rect width="64" height="64" fill="{}"/>"#,
        colour(username)
    );
    if !text.is_empty() {
        let font = if text.chars().count() > 1 { 26 } else { 30 };
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            r##"<text x="32" y="32" dy=".35em" fill="#FFFFFF" font-family="Inter, 'Inter Variable', system-ui, sans-serif" font-size="{font}" font-weight="600" text-anchor="middle">{}</text>"##,
            escape(&text)
        );
    }
    svg.push_str("</svg>");
    svg
}

/// `text` with the characters that mean something in XML written out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_first_and_last_word_of_any_script() {
        for (name, expected) in [
            ("Ada Lovelace", "AL"),
            ("  ada   king  lovelace ", "AL"),
            ("Jean-Luc", "JL"),
            ("\"Ada\" (Countess) Lovelace", "AL"),
            ("Зоя Космодемьянская", "ЗК"),
            ("محمد علي", "مع"),
            ("山田 太郎", "山太"),
            ("E\u{301}milie du Châtelet", "E\u{301}C"),
            ("ßeta", "ß"),
            ("4chan user", "4U"),
            ("🦊 fox", "F"),
            ("🦊", ""),
            ("", ""),
            ("<script>", "S"),
        ] {
            assert_eq!(initials(name), expected, "{name:?}");
        }
    }

    #[test]
    fn colours_are_fnv_1a_modulo_six() {
        // 0x811c9dc5 % 6 = 1; "a" hashes to 0xe40c292c and "foobar" to 0xbf9cf968 in the authors' test vectors.
        assert_eq!(colour(""), COLOURS[0x811c_9dc5_usize % 6]);
        assert_eq!(colour("a"), COLOURS[0xe40c_292c_usize % 6]);
        assert_eq!(colour("foobar"), COLOURS[0xbf9c_f968_usize % 6]);
    }

    #[test]
    fn drawings_carry_the_letters_or_none() {
        let drawing = svg("Ada Lovelace", "ada", 128);
        assert!(drawing.contains(r#"width="128""#) && drawing.contains(">AL</text>"), "{drawing}");
        assert!(svg("🦊", "fox", 64).contains(">F</text>"));
        assert!(!svg("", "", 64).contains("<text"));
        assert_eq!(escape("<&>\"'"), "&lt;&amp;&gt;&quot;&#39;");
    }
}
