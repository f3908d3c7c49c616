//! What a hostile file takes in memory: each meets a process of its own, whose peak is looked at.

use std::fs;
use std::process::Command;

use latchkey_avatar::{Limits, derive, probe};

use crate::corpus;

/// Set for a process that meets a file, to its path.
const FILE: &str = "LATCHKEY_AVATAR_HOSTILE";

/// For a file that its header gives away; what the process has before it starts is a third of it.
const MOST_AT_HEADER: u64 = 20_000_000;

/// For any file.
const MOST: u64 = 256_000_000;

#[test]
fn hostile_files_take_little_memory() {
    if let Some(from) = std::env::var_os(FILE) {
        let outcome = derive(&fs::read(from).unwrap(), None, &Limits::SERVICE);
        println!("code={} peak={}", outcome.map_or_else(|refusal| refusal.code(), |_| "taken"), peak());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for hostile in corpus::files() {
        assert_eq!(probe(&hostile.bytes, &Limits::SERVICE).is_err(), hostile.at_header, "{}", hostile.name);
        let from = folder.path().join("hostile");
        fs::write(&from, &hostile.bytes).unwrap();
        let (code, peak) = meet(&from);
        let most = if hostile.at_header { MOST_AT_HEADER } else { MOST };
        assert!(peak <= most, "{}: {code} after {peak} bytes", hostile.name);
        assert!(!hostile.at_header || code != "taken", "{}", hostile.name);
    }
}

/// The code and the peak in bytes of a process that meets the file.
fn meet(from: &std::path::Path) -> (String, u64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::hostile_files_take_little_memory", "--nocapture"])
        .env(FILE, from)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    let field = |name: &str| said.split_whitespace().find_map(|word| word.strip_prefix(name)).unwrap().to_owned();
    (field("code="), field("peak=").parse().unwrap())
}

/// The most memory that was resident, of this process (proc(5)).
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
