//! Against `weezl`, as `tiff` calls it.

use proptest::prelude::*;
use weezl::{BitOrder, LzwStatus, decode::Configuration, encode::Encoder};

use super::*;

fn ours(data: &[u8], length: usize) -> Result<Vec<u8>, Refusal> {
    decoded(&mut Lzw::new(), data, length)
}

fn decoded(lzw: &mut Lzw, data: &[u8], length: usize) -> Result<Vec<u8>, Refusal> {
    let mut out = vec![0xaa; length + ROOM];
    lzw.decode(data, &mut out)?;
    out.truncate(length);
    Ok(out)
}

/// None where it refuses, or where there is not as much.
fn by_weezl(mut data: &[u8], length: usize) -> Option<Vec<u8>> {
    let configuration = Configuration::with_tiff_size_switch(BitOrder::Msb, 8).with_yield_on_full_buffer(true);
    let mut decoder = configuration.build();
    let mut out = vec![0; length];
    let mut filled = 0;
    while filled < length {
        let step = decoder.decode_bytes(data, &mut out[filled..]);
        data = &data[step.consumed_in..];
        filled += step.consumed_out;
        match step.status {
            Ok(LzwStatus::Ok) => {}
            Ok(LzwStatus::Done) if filled == length => {}
            _ => return None,
        }
    }
    Some(out)
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    Encoder::with_tiff_size_switch(BitOrder::Msb, 8).encode(bytes).unwrap()
}

/// Codes one after the other, each with the width that a decoder has come to by then.
fn packed(codes: &[usize]) -> Vec<u8> {
    let (mut bytes, mut buffer, mut held) = (Vec::new(), 0_u64, 0);
    // How many codes there are, and none where the next one makes none.
    let (mut next, mut width, mut is_first) = (FIRST, NARROWEST, true);
    for &code in codes {
        buffer = buffer << width | code as u64;
        held += width;
        while held >= 8 {
            held -= 8;
            bytes.push((buffer >> held) as u8);
        }
        if code == CLEAR {
            (next, width, is_first) = (FIRST, NARROWEST, true);
            continue;
        }
        if !is_first && next < CODES {
            next += 1;
        }
        is_first = false;
        if next + 1 >= 1 << width && width < WIDEST {
            width += 1;
        }
    }
    bytes.push((buffer << (8 - held)) as u8);
    bytes
}

#[test]
fn the_example_of_the_specification() {
    let data = packed(&[CLEAR, 7, 258, 8, 8, 258, 6, 6, END]);
    assert_eq!(ours(&data, 9).unwrap(), [7, 7, 7, 8, 8, 7, 7, 6, 6]);
    assert_eq!(ours(&data, 4).unwrap(), [7, 7, 7, 8], "no more than is wanted");
    assert_eq!(ours(&data, 10), Err(Refusal::truncated()));
}

#[test]
fn what_others_wrote_is_read() {
    let noise = |seed: u32, count: usize| -> Vec<u8> {
        let mut state = seed;
        let mut step = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..count).map(|_| step()).collect()
    };
    let mut lzw = Lzw::new();
    for bytes in [
        vec![5],
        // Texts as long as they come.
        vec![0; 3_000_000],
        noise(1, 100_000),
        noise(2, 50_000).iter().map(|byte| byte & 3).collect(),
        noise(3, 50_000).iter().map(|byte| byte >> 7).collect(),
        b"abcabcabcabcabcdabcabc".repeat(2000),
        (0..=255).cycle().take(20_000).collect(),
    ] {
        let data = encoded(&bytes);
        assert!(decoded(&mut lzw, &data, bytes.len()).unwrap() == bytes, "{} bytes", bytes.len());
        assert_eq!(decoded(&mut lzw, &data, bytes.len() + 1), Err(Refusal::truncated()));
    }
}

#[test]
fn a_full_table_stays_as_it_is() {
    let codes: Vec<usize> =
        [CLEAR].into_iter().chain((0..5000).map(|index| index * 7 % 256)).chain(FIRST..CODES).collect();
    let data = packed(&codes);
    let length = 5000 + 2 * (CODES - FIRST);
    assert_eq!(Some(ours(&data, length).unwrap()), by_weezl(&data, length));
}

#[test]
fn data_that_ends_early_is_refused() {
    let bytes: Vec<u8> = (0..400_u32).map(|index| ((index * index) >> 4) as u8).collect();
    let data = encoded(&bytes);
    for length in 0..data.len() - 2 {
        assert!(ours(&data[..length], bytes.len()).is_err(), "{length} of {}", data.len());
    }
}

#[test]
fn codes_that_stand_for_nothing_are_refused() {
    for codes in
        [&[CLEAR, FIRST][..], &[CLEAR, 1, 259], &[CLEAR, 1, 2, 3, 261], &[CLEAR, 1, 2, CLEAR, FIRST], &[CLEAR, 511]]
    {
        assert_eq!(ours(&packed(codes), 100), Err(unknown()), "{codes:?}");
    }
    for codes in [&[CLEAR, END][..], &[CLEAR, 1, END], &[CLEAR, CLEAR, CLEAR]] {
        assert_eq!(ours(&packed(codes), 100), Err(Refusal::truncated()), "{codes:?}");
    }
}

#[test]
fn data_begins_with_a_clear_code() {
    let begins = Refusal::broken("LZW data that does not begin with a clear code");
    for codes in [&[1, CLEAR, 2][..], &[END], &[FIRST]] {
        assert_eq!(ours(&packed(codes), 2), Err(begins.clone()), "{codes:?}");
    }
    // As they were written before TIFF 5.0, lowest bits first.
    let old = Encoder::new(BitOrder::Lsb, 8).encode(b"lowest bits first").unwrap();
    assert_eq!(old[..2], [0, 0xd9]);
    assert_eq!(ours(&old, 17), Err(begins.clone()));
    assert_eq!(ours(&[], 1), Err(begins));
}

/// Codes that mean something, clear codes, and now and then one that does not.
fn codes() -> impl Strategy<Value = Vec<u8>> {
    let code = (0..200_u32, any::<prop::sample::Index>());
    proptest::collection::vec(code, 1..6000).prop_map(|choices| {
        let (mut codes, mut next) = (vec![CLEAR], FIRST - 1);
        for (choice, index) in choices {
            let code = match choice {
                0 if index.index(8) == 0 => END,
                0 => CLEAR,
                1 if index.index(4) == 0 => index.index(CODES),
                // The code that is just being made.
                2..20 if next >= FIRST => next,
                _ if next < FIRST => index.index(256),
                20..60 => FIRST + index.index(next + 1 - FIRST),
                _ => index.index(256),
            };
            codes.push(code);
            next = if code == CLEAR { FIRST - 1 } else { (next + 1).min(CODES - 1) };
        }
        packed(&codes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn codes_of_any_kind_are_read_as_by_weezl(data in codes(), length in 1..60_000_usize) {
        prop_assert_eq!(ours(&data, length).ok(), by_weezl(&data, length));
    }

    #[test]
    fn any_bytes_are_read_as_by_weezl(mut data in proptest::collection::vec(any::<u8>(), 2..3000), length in 1..5000_usize) {
        data[0] = 0x80;
        data[1] &= 0x7f;
        prop_assert_eq!(ours(&data, length).ok(), by_weezl(&data, length));
    }

    #[test]
    fn damaged_data_is_read_as_by_weezl(
        bytes in proptest::collection::vec(0..5_u8, 1..9000),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut data = encoded(&bytes);
        for (at, byte) in damage {
            if data.len() > 2 {
                let at = 2 + at.index(data.len() - 2);
                data[at] = byte;
            }
        }
        prop_assert_eq!(ours(&data, bytes.len()).ok(), by_weezl(&data, bytes.len()));
    }
}
