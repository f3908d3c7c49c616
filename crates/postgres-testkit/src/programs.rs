//! PostgreSQL's programs, and as whom they run.
use std::{
    ffi::OsStr,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The administrator of the servers here.
pub(crate) const USER: &str = "latchkey";

/// Where the programs of the newest version are.
pub(crate) fn folder() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("postgres").exists())
        .collect();
    found.sort();
    if let Some((_, bin)) = found.pop() {
        return bin;
    }
    let elsewhere = Command::new("pg_config").arg("--bindir").stderr(Stdio::null()).output();
    let bin = elsewhere.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    match bin.map(|bin| PathBuf::from(bin.trim())).filter(|bin| bin.join("postgres").exists()) {
        Some(bin) => bin,
        None => panic!("PostgreSQL is missing. Install the package postgresql, or run scripts/test, which does."),
    }
}

/// What stands before a program of the server's: it refuses to run as root.
pub(crate) fn as_whom() -> &'static [&'static str] {
    if is_root() { &["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] } else { &[] }
}

pub(crate) fn is_root() -> bool {
    std::fs::metadata("/proc/self").expect("this process").uid() == 0
}

/// A program of the server's, as the user it may run as.
pub(crate) fn of_server(name: &str) -> Command {
    let program = folder().join(name);
    match as_whom() {
        [] => Command::new(program),
        [wrapper, arguments @ ..] => {
            let mut command = Command::new(wrapper);
            command.args(arguments).arg(program);
            command
        }
    }
}

/// A folder that the server may write in.
pub(crate) fn make_folder(path: &Path) {
    std::fs::create_dir_all(path).expect("a folder for the server");
    if is_root() {
        run(Command::new("chown").arg("postgres:").arg(path));
    }
}

/// Runs statements, and gives what they answer.
pub(crate) fn sql(socket: &Path, database: &str, statement: &str) -> String {
    let mut psql = Command::new(folder().join("psql"));
    psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--username", USER]);
    run(psql.args(["--dbname", database, "--command", statement]).arg("--host").arg(socket))
}

/// A whole database.
pub(crate) fn dump(socket: &Path, database: &str) -> Vec<u8> {
    let mut program = Command::new(folder().join("pg_dump"));
    program.args(["--format=custom", "--no-owner", "--no-privileges", "--username", USER, "--host"]).arg(socket);
    let output = program.arg(database).stdin(Stdio::null()).output().expect("pg_dump runs");
    assert!(output.status.success(), "pg_dump failed: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Puts it into another one, all or nothing.
pub(crate) fn restore(socket: &Path, database: &str, dump: Vec<u8>) {
    let mut program = Command::new(folder().join("pg_restore"));
    program.args(["--single-transaction", "--no-owner", "--no-privileges", "--username", USER, "--host"]).arg(socket);
    program.args(["--dbname", database]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut running = program.spawn().expect("pg_restore runs");
    let mut input = running.stdin.take().expect("its input");
    let writing = std::thread::spawn(move || std::io::Write::write_all(&mut input, &dump));
    let output = running.wait_with_output().expect("pg_restore ends");
    writing.join().expect("no panic").expect("pg_restore reads everything");
    assert!(output.status.success(), "pg_restore failed: {}", String::from_utf8_lossy(&output.stderr));
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{} cannot be run: {error}", name(command)));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed: {error}", name(command));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
        + &command.get_args().map(OsStr::to_string_lossy).fold(String::new(), |all, next| all + " " + &next)
}
