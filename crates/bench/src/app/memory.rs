//! Memory of a program and of all it started, as the kernel shares it out (PSS).

use std::{collections::HashMap, fs};

use anyhow::{Context, ensure};

/// MiB of a process and all below it. A window of WebKitGTK has at least two helpers.
pub(crate) fn of_tree(root: u32) -> anyhow::Result<f64> {
    let tree = tree(root)?;
    ensure!(tree.len() > 2, "the processes of the web view are not there");
    let mut kib = 0.0;
    for process in tree {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).context("no PSS")?;
        kib += line.trim().trim_end_matches("kB").trim().parse::<f64>()?;
    }
    Ok(kib / 1024.0)
}

/// A process and all below it.
pub(crate) fn tree(root: u32) -> anyhow::Result<Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for process in fs::read_dir("/proc")? {
        let Some(id) = process?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that has just ended has no parent any more.
        if let Some(parent) = parent(id) {
            children.entry(parent).or_default().push(id);
        }
    }
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(process) = tree.get(next) {
        tree.extend(children.remove(process).unwrap_or_default());
        next += 1;
    }
    Ok(tree)
}

/// Behind the name, which may have any characters, come the state and the parent.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind) = stat.rsplit_once(')')?;
    behind.split_whitespace().nth(1)?.parse().ok()
}
