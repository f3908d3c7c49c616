//! JSON as people read it, with the members in the order they were answered.

/// Lays compact JSON out in lines, two spaces a level.
pub(crate) fn lines(compact: &str) -> Vec<String> {
    let (mut lines, mut line, mut depth, mut in_text, mut escaped) = (Vec::new(), String::new(), 0, false, false);
    let mut characters = compact.chars().peekable();
    while let Some(character) = characters.next() {
        if in_text {
            line.push(character);
            in_text = escaped || character != '"';
            escaped = !escaped && character == '\\';
            continue;
        }
        match character {
            '{' | '[' => {
                line.push(character);
                let end = if character == '{' { '}' } else { ']' };
                if characters.next_if_eq(&end).is_some() {
                    line.push(end);
                } else {
                    depth += 1;
                    lines.push(std::mem::replace(&mut line, "  ".repeat(depth)));
                }
            }
            '}' | ']' => {
                depth -= 1;
                lines.push(std::mem::replace(&mut line, "  ".repeat(depth)));
                line.push(character);
            }
            ',' => {
                line.push(',');
                lines.push(std::mem::replace(&mut line, "  ".repeat(depth)));
            }
            ':' => line += ": ",
            other => {
                in_text = other == '"';
                line.push(other);
            }
        }
    }
    lines.push(line);
    lines
}

#[test]
fn members_keep_their_order_and_texts_their_braces() {
    let laid_out = lines(r#"{"b":"{\"a\\","a":[1,{}],"c":[]}"#);
    let expected = ["{", r#"  "b": "{\"a\\","#, "  \"a\": [", "    1,", "    {}", "  ],", "  \"c\": []", "}"];
    assert_eq!(laid_out, expected);
}
