//! What is a key, and what is none.

use proptest::prelude::*;

use crate::{PublicKey, Refusal, generate, read};

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

/// Some Ed25519 key.
fn key(seed: u8) -> PublicKey {
    generate("", None, |buffer| buffer.fill(seed)).unwrap().public
}

fn string(bytes: &[u8]) -> Vec<u8> {
    let mut string = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    string.extend_from_slice(bytes);
    string
}

/// A line of `algorithm` whose data has these strings.
fn line(algorithm: &str, strings: &[&[u8]]) -> String {
    use base64::Engine as _;
    let blob: Vec<u8> = strings.iter().flat_map(|bytes| string(bytes)).collect();
    format!("{algorithm} {}", base64::engine::general_purpose::STANDARD.encode(blob))
}

/// An RSA key with an odd modulus of so many bits; it has no private half.
fn rsa(bits: usize, exponent: &[u8]) -> String {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = 0xff >> ((8 - bits % 8) % 8);
    if modulus[0] & 0x80 != 0 {
        modulus.insert(0, 0);
    }
    line("ssh-rsa", &[b"ssh-rsa", exponent, &modulus])
}

fn refusal(text: &str) -> Refusal {
    read(text).expect_err(text)
}

fn is_malformed(text: &str) -> bool {
    matches!(read(text), Err(Refusal::Malformed(_)))
}

#[test]
fn takes_a_key_however_it_was_pasted() {
    let wanted = read(&format!("{ED25519} ada@example.org")).unwrap();
    assert_eq!(wanted.line(), ED25519);
    assert_eq!(wanted.comment(), "ada@example.org");
    let (front, back) = ED25519.split_at(40);
    for text in [
        format!("\u{feff}\r\n  {ED25519}\tada@example.org \r\n\r\n"),
        format!("# my laptop\n\n{ED25519} ada@example.org"),
        format!("{front}\n{back} ada@example.org\n"),
        format!("{front}\r\n    {back} ada@example.org"),
        format!("{} ada@example.org", ED25519.replace(' ', "\n")),
    ] {
        assert_eq!(read(&text).as_ref(), Ok(&wanted), "{text}");
    }
}

#[test]
fn never_takes_or_repeats_a_private_key() {
    for text in [
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMC4CAQAw",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
        "-----BEGIN EC PRIVATE KEY-----",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
        "\u{2014}BEGIN OPENSSH PRIVATE KEY\u{2014}",
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: c\nPublic-Lines: 2\nAAAAC3Nza",
        "AAAA\nPrivate-Lines: 1\nAAAAIE0wVGvS",
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
        &format!("{ED25519} ada\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl"),
    ] {
        assert_eq!(refusal(text), Refusal::PrivateKey, "{text}");
    }
    assert_eq!(Refusal::PrivateKey.to_string(), "That is a private key. Paste the .pub file instead.");
    // A lone middle part cannot be told from noise, but it is not repeated either.
    let middle = "QyNTUxOQAAACCzPq7zfqLffKoBDe AAAAsecret";
    assert_eq!(refusal(middle), Refusal::NotAKey);
}

#[test]
fn says_what_else_it_was_given() {
    let other = key(7).line();
    for (text, wanted) in [
        (String::new(), Refusal::Empty),
        (" \r\n\n# nothing\n".to_owned(), Refusal::Empty),
        ("ssh".to_owned(), Refusal::NotAKey),
        ("AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti".to_owned(), Refusal::NotAKey),
        ("x".repeat(16 * 1024 + 1), Refusal::TooLarge),
        ("ssh-dss AAAAB3NzaC1kc3MAAACB".to_owned(), Refusal::Dsa),
        ("ssh-ed25519-cert-v01@openssh.com AAAAIHNz".to_owned(), Refusal::Certificate),
        (format!("no-pty,command=\"echo hi\" {ED25519}"), Refusal::OptionsInFront("ssh-ed25519")),
        (format!("command=\"echo ssh-rsa AAAA\" {ED25519}"), Refusal::OptionsInFront("ssh-ed25519")),
        (format!("My key:\n{ED25519}"), Refusal::OptionsInFront("ssh-ed25519")),
        (format!("{ED25519} ada\n{other} ada"), Refusal::Several),
        (format!("{ED25519}\n{ED25519}"), Refusal::Several),
        (format!("{ED25519} ada {other}"), Refusal::Several),
        (format!("no-pty {ED25519}\nno-pty {other}"), Refusal::Several),
        (format!("{ED25519} ada\nand more"), Refusal::TextAfter),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3Nza\n---- END SSH2 PUBLIC KEY ----".to_owned(), Refusal::Rfc4716),
        ("-----BEGIN PUBLIC KEY-----\nMCow\n".to_owned(), Refusal::Pem("PKCS8")),
        ("-----BEGIN RSA PUBLIC KEY-----\nMIIB\n".to_owned(), Refusal::Pem("PEM")),
        ("ssh-ed448 AAAACXNzaC1lZDQ0OA==".to_owned(), Refusal::UnknownAlgorithm("ssh-ed448".to_owned())),
        (rsa(2048, &[1, 0, 1]), Refusal::RsaTooShort { bits: 2048 }),
        (rsa(3071, &[1, 0, 1]), Refusal::RsaTooShort { bits: 3071 }),
        (rsa(16_392, &[3]), Refusal::RsaTooLong { bits: 16_392 }),
    ] {
        assert_eq!(refusal(&text), wanted, "{text}");
    }
    assert_eq!(
        Refusal::RsaTooShort { bits: 2048 }.to_string(),
        "This RSA key has 2048 bits; at least 3072 are needed. Make a new key with ssh-keygen -t ed25519."
    );
}

#[test]
fn counts_the_bits_of_rsa_exactly() {
    for bits in [3072, 3073, 3079, 3080, 4096, 16_384] {
        assert_eq!(read(&rsa(bits, &[1, 0, 1])).unwrap().bits() as usize, bits);
    }
    assert_eq!(read(&rsa(3072, &[3])).unwrap().kind(), "RSA");
    for exponent in [&[][..], &[1], &[4], &[0x81], &[1; 9]] {
        assert!(is_malformed(&rsa(3072, exponent)), "{exponent:?}");
    }
}

#[test]
fn takes_no_key_that_contradicts_itself() {
    let hash: &[u8] = &key(1).fingerprint_bytes();
    let blob = ED25519.split_once(' ').unwrap().1;
    for text in [
        "ssh-ed25519".to_owned(),
        "ssh-ed25519 ada@example.org".to_owned(),
        format!("ssh-rsa {blob}"),
        format!("ecdsa-sha2-nistp256 {blob}"),
        ED25519.replace("AAAAC3", "AAAAC3 "),
        format!("{ED25519}="),
        format!("{ED25519}AAAA"),
        line("ssh-ed25519", &[b"ssh-ed25519", &hash[..31]]),
        line("ssh-ed25519", &[b"ssh-ed25519", &[0; 33]]),
        // Not on the curve, and the neutral element, for which anybody can sign.
        line("ssh-ed25519", &[b"ssh-ed25519", &[&[2], &[0; 31][..]].concat()]),
        line("ssh-ed25519", &[b"ssh-ed25519", &[&[1], &[0; 31][..]].concat()]),
        line("ecdsa-sha2-nistp256", &[b"ecdsa-sha2-nistp256", b"nistp256", &[&[4], &[9; 64][..]].concat()]),
        line("ecdsa-sha2-nistp384", &[b"ecdsa-sha2-nistp384", b"nistp384", &[&[4], &[9; 96][..]].concat()]),
        line("ecdsa-sha2-nistp521", &[b"ecdsa-sha2-nistp521", b"nistp521", &[&[4], &[0; 132][..]].concat()]),
        line("ecdsa-sha2-nistp256", &[b"ecdsa-sha2-nistp256", b"nistp384", &[&[4], &[9; 64][..]].concat()]),
        line("ecdsa-sha2-nistp256", &[b"ecdsa-sha2-nistp256", b"nistp256", &[0]]),
        line(
            "sk-ecdsa-sha2-nistp256@openssh.com",
            &[b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", &[0], b"ssh:"],
        ),
        line("ssh-rsa", &[b"rsa-sha2-256", &[3], &[0x7f; 400]]),
        line("ssh-rsa", &[b"ssh-rsa", &[0, 3], &[0x7f; 400]]),
        line("ssh-rsa", &[b"ssh-rsa", &[3], &[0x7e; 400]]),
    ] {
        assert!(is_malformed(&text), "{text}");
    }
}

proptest! {
    #[test]
    fn takes_no_noise(text in any::<String>()) {
        prop_assert!(read(&text).is_err());
    }

    #[test]
    fn takes_no_noise_behind_a_name(
        name in prop::sample::select(vec!["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp521"]),
        blob in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let text = line(name, &[name.as_bytes(), &blob]);
        if let Ok(key) = read(&text) {
            // Of 32 random bytes about half are a point.
            prop_assert_eq!(key.line(), text);
            prop_assert!(name == "ssh-ed25519" && blob.len() == 32);
        }
    }

    #[test]
    fn reads_its_own_line(seed: u8, comment in any::<String>()) {
        let key = key(seed);
        prop_assert_eq!(&read(&key.line()).unwrap(), &key);
        let line = key.line_with(&comment);
        prop_assert!(!line.contains(char::is_control));
        // A comment may hold what reads as a second key; everything else comes back.
        match read(&line) {
            Ok(read) => {
                prop_assert_eq!(read.line(), key.line());
                prop_assert_eq!(read.line_with(read.comment()), line);
            }
            Err(refusal) => prop_assert!(matches!(refusal, Refusal::Several | Refusal::PrivateKey)),
        }
    }

    #[test]
    fn mends_every_wrapping(seed: u8, cuts in prop::collection::vec(0_usize..69, 1..6)) {
        let key = key(seed);
        let mut text = key.line();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut + "ssh-ed25519".len()).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for cut in cuts.into_iter().rev() {
            text.insert(cut, '\n');
        }
        prop_assert_eq!(read(&text).unwrap(), key);
    }

    #[test]
    fn notices_what_was_cut_off(seed: u8, length in 0_usize..80) {
        let line = key(seed).line();
        prop_assert!(read(&line[..length.min(line.len() - 1)]).is_err());
    }

    #[test]
    fn is_another_key_when_a_byte_is_another(seed: u8, at in 0_usize..51, with in 1_u8..) {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let key = key(seed);
        let mut blob = STANDARD.decode(key.line().split_once(' ').unwrap().1).unwrap();
        blob[at] ^= with;
        let text = format!("ssh-ed25519 {}", STANDARD.encode(blob));
        if let Ok(other) = read(&text) {
            prop_assert!(at >= 19);
            prop_assert_ne!(other.fingerprint_bytes(), key.fingerprint_bytes());
            prop_assert_eq!(other.line(), text);
        }
    }
}
