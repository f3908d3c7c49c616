//! What libFuzzer has found, and what people really send, once more: every file of `fuzz/corpus`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use latchkey_fuzzing::{TARGETS, Target, close};

/// Files and bytes that a corpus may have: it is looked at by people, and in every run of the tests.
const MOST_FILES: usize = 100;
const MOST_BYTES: u64 = 200 * 1024;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn target(name: &str) -> Target {
    *TARGETS.iter().find(|target| target.name == name).unwrap()
}

#[test]
fn every_target_has_a_program_and_a_corpus() {
    let targets: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), targets);
    assert_eq!(names(&fuzz().join("corpus")), targets);
}

#[test]
fn every_endpoint_is_asked_and_named_to_libfuzzer() {
    let files = fs::read_dir(fuzz().join("corpus/requests")).unwrap();
    let asked: Vec<_> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let asked: Vec<_> = asked.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    let dictionary = fs::read_to_string(fuzz().join("dictionaries/requests.dict")).unwrap();
    for id in latchkey_api::endpoints().map(|endpoint| endpoint.meta.id) {
        assert!(asked.iter().any(|text| text.contains(id)), "no input in fuzz/corpus/requests asks {id}");
        assert!(dictionary.contains(&format!("\n\"{id}\"\n")), "fuzz/dictionaries/requests.dict lacks {id}");
    }
}

/// Gives a target its corpus.
fn replay(name: &str) {
    let mut files: Vec<_> =
        fs::read_dir(fuzz().join("corpus").join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!((1..=MOST_FILES).contains(&files.len()), "{name} has {} files", files.len());
    let bytes: u64 = files.iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(bytes <= MOST_BYTES, "{name} has {bytes} bytes");
    for file in files {
        // Where it panics, this says with what.
        eprintln!("{}", file.display());
        (target(name).check)(&fs::read(&file).unwrap());
    }
    close();
}

macro_rules! corpora {
    ($($name:ident,)*) => {
        $(#[test] fn $name() { replay(stringify!($name)); })*

        #[test]
        fn every_corpus_is_replayed() {
            assert_eq!([$(stringify!($name)),*], *TARGETS.iter().map(|target| target.name).collect::<Vec<_>>());
        }
    };
}

corpora! {
    challenge,
    image,
    profile_patch,
    registry_host,
    registry_scope,
    requests,
    second_factor,
    ssh_config,
    ssh_private_key,
    ssh_public_key,
    token,
    token_answer,
    user_agent,
}
