//! Base 62: digits, capital and small letters. Tokens are made of it, so that a double click selects the whole.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The number in exactly `WIDTH` digits, most significant first; higher digits are cut off.
pub(crate) fn encode<const WIDTH: usize>(mut number: u128) -> [u8; WIDTH] {
    let mut digits = [b'0'; WIDTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// The number behind digits; `None` for other characters and for numbers past 128 bits.
pub(crate) fn decode(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0u128, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'A'..=b'Z' => digit - b'A' + 10,
            b'a'..=b'z' => digit - b'a' + 36,
            _ => return None,
        };
        number.checked_mul(62)?.checked_add(u128::from(value))
    })
}

/// As many digits as asked for, each drawn without bias: bytes of 248 and above are thrown away.
pub(crate) fn random(count: usize, mut fill: impl FnMut(&mut [u8])) -> String {
    let mut text = String::with_capacity(count);
    let mut buffer = [0u8; 64];
    while text.len() < count {
        fill(&mut buffer);
        let fair = buffer.iter().filter(|byte| **byte < 248);
        text.extend(fair.take(count - text.len()).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_number_comes_back(number: u128) {
            prop_assert_eq!(decode(&encode::<22>(number)), Some(number));
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        assert_eq!(decode(b"00-0"), None);
        assert_eq!(decode(&[b'z'; 22]), None, "22 digits hold more than 128 bits");
    }

    #[test]
    fn random_digits_throw_the_unfair_bytes_away() {
        let mut round = 0u8;
        let text = random(70, |buffer| {
            buffer.fill(if round == 0 { 255 } else { 61 });
            round += 1;
        });
        assert_eq!(text, "z".repeat(70));
    }
}
