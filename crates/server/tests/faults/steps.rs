//! Follows a program from step to step, and kills it before one of them. A step is a call to the system by which a file
//! comes to have something else in it, or another name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::{
    errno::Errno,
    libc,
    sys::{
        ptrace::{self, Options},
        signal::{Signal, kill},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

/// What has to stand before a program so that [`kill_before`] can follow it from its beginning.
pub(crate) const STOPPED: [&str; 4] = ["sh", "-c", "kill -s STOP $$ && exec \"$@\"", "sh"];

/// By which of its arguments a call says whose content it changes; none where it changes names.
type Changed = Option<usize>;

const CHANGES: [(libc::c_long, &str, Changed); 11] = [
    (libc::SYS_write, "write", Some(0)),
    (libc::SYS_writev, "writev", Some(0)),
    (libc::SYS_pwrite64, "pwrite64", Some(0)),
    (libc::SYS_pwritev, "pwritev", Some(0)),
    (libc::SYS_copy_file_range, "copy_file_range", Some(2)),
    (libc::SYS_sendfile, "sendfile", Some(0)),
    (libc::SYS_ftruncate, "ftruncate", Some(0)),
    (libc::SYS_fallocate, "fallocate", Some(0)),
    (libc::SYS_linkat, "linkat", None),
    (libc::SYS_renameat2, "renameat2", None),
    (libc::SYS_unlinkat, "unlinkat", None),
];

/// Calls that only older architectures have.
#[cfg(target_arch = "x86_64")]
const OLD_CHANGES: [(libc::c_long, &str, Changed); 4] = [
    (libc::SYS_link, "link", None),
    (libc::SYS_rename, "rename", None),
    (libc::SYS_renameat, "renameat", None),
    (libc::SYS_unlink, "unlink", None),
];
#[cfg(not(target_arch = "x86_64"))]
const OLD_CHANGES: [(libc::c_long, &str, Changed); 0] = [];

/// Runs a program that stands behind [`STOPPED`], and kills it before it changes something in some folders for the so many-th
/// time, counted from 0 over all of its threads. Which step that was; none where the program came to a good end before.
pub(crate) fn kill_before(command: &mut Command, folders: &[&Path], number: usize) -> Option<String> {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let program = Pid::from_raw(quiet.spawn().unwrap().id().cast_signed());
    assert_eq!(waitpid(program, Some(WaitPidFlag::WUNTRACED)), Ok(WaitStatus::Stopped(program, Signal::SIGSTOP)));
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    ptrace::seize(program, options).unwrap();
    kill(program, Signal::SIGCONT).unwrap();
    let (mut done, mut killed_before) = (0, None);
    loop {
        // The children of this thread alone: other tests have theirs.
        let (thread, signal) = match waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD)).unwrap() {
            WaitStatus::Exited(ended, code) if ended == program => {
                assert_eq!(code, 0, "a run to its end is a good one");
                return None;
            }
            WaitStatus::Signaled(ended, signal, _) if ended == program => {
                assert_eq!(signal, Signal::SIGKILL);
                return killed_before;
            }
            WaitStatus::PtraceSyscall(thread) => {
                if let Some(step) = step(thread, folders) {
                    if done == number && killed_before.is_none() {
                        kill(program, Signal::SIGKILL).unwrap();
                        killed_before = Some(step);
                    }
                    done += 1;
                }
                (thread, None)
            }
            WaitStatus::Stopped(thread, signal) => (thread, Some(signal)),
            WaitStatus::PtraceEvent(thread, ..) => (thread, None),
            _ => continue,
        };
        match ptrace::syscall(thread, signal) {
            // It was killed meanwhile.
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => panic!("{thread} cannot be followed: {error}"),
        }
    }
}

/// What a thread is about to change in these folders.
fn step(thread: Pid, folders: &[&Path]) -> Option<String> {
    if ptrace::syscall_info(thread).ok()?.op != libc::PTRACE_SYSCALL_INFO_ENTRY {
        return None;
    }
    let call = fs::read_to_string(format!("/proc/{thread}/syscall")).ok()?;
    let mut words = call.split_whitespace();
    let number: libc::c_long = words.next()?.parse().ok()?;
    let (_, name, changed) = CHANGES.iter().chain(&OLD_CHANGES).find(|(known, ..)| *known == number)?;
    let Some(argument) = *changed else { return Some((*name).to_owned()) };
    let descriptor = u64::from_str_radix(words.nth(argument)?.strip_prefix("0x")?, 16).ok()?;
    let file: PathBuf = fs::read_link(format!("/proc/{thread}/fd/{descriptor}")).ok()?;
    folders
        .iter()
        .any(|folder| file.starts_with(folder))
        .then(|| format!("{name} {}", file.file_name().unwrap_or_default().display()))
}
