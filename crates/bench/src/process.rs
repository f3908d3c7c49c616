//! Servers as processes: started, waited for, looked at, and ended by their own id.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};

/// How long a server may take to say where it listens, and to end.
const PATIENCE: Duration = Duration::from_mins(5);

/// A server that says where it listens on a line that ends in `http://ADDRESS`. Dropped, it is ended at once.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From being started to listening.
    pub(crate) started_in: Duration,
}

impl Server {
    /// Starts one. What it logs goes to a file.
    pub(crate) fn start(command: &mut Command, log: &Path) -> anyhow::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let file = File::create(log).with_context(|| format!("{} cannot be written", log.display()))?;
        let begun = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .with_context(|| format!("{name} cannot be started"))?;
        let output = child.stdout.take().context("no output")?;
        let (tell, told) = mpsc::channel();
        // Whatever it says later is let go.
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listening on http://") {
                    let _ = tell.send((address.trim().to_owned(), Instant::now()));
                }
            }
        });
        let Ok((address, listening)) = told.recv_timeout(PATIENCE) else {
            let _ = child.kill();
            let _ = child.wait();
            bail!("{name} does not listen: {}", std::fs::read_to_string(log).unwrap_or_default());
        };
        Ok(Self { child, address: address.parse()?, started_in: listening - begun })
    }

    /// Resident memory in KiB.
    pub(crate) fn resident(&self) -> anyhow::Result<u32> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("it has ended")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// Asks it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        run(Command::new("kill").arg(self.child.id().to_string()))?;
        let given_up = Instant::now() + PATIENCE;
        while self.child.try_wait()?.is_none() {
            ensure!(Instant::now() < given_up, "a server does not end");
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("{name} cannot be run"))?;
    ensure!(output.status.success(), "{name} failed");
    Ok(String::from_utf8(output.stdout)?)
}

/// Where the programs are, and where files may be left.
#[derive(Clone)]
pub(crate) struct Place {
    /// `latchkey-server`, built in release.
    pub(crate) program: PathBuf,
    /// A folder of this run.
    pub(crate) folder: PathBuf,
}

impl Place {
    /// A folder in the run's, made where it is missing.
    pub(crate) fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(folder)
    }

    fn command(&self, database: &str, data: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--database").arg(database).arg("--data").arg(data);
        command
    }

    /// Makes the tables of the service.
    pub(crate) fn migrate(&self, database: &str, data: &Path) -> anyhow::Result<()> {
        run(self.command(database, data).arg("migrate")).map(drop)
    }

    /// Starts the service as it is shipped, but for the port, whose word about an address it takes, and how often
    /// each session may ask.
    pub(crate) fn serve(&self, database: &str, data: &Path) -> anyhow::Result<Server> {
        let mut command = self.command(database, data);
        command.args(["serve", "--listen", "127.0.0.1:0"]).env("LATCHKEY_SERVER__TRUSTED_PROXIES", "127.0.0.1");
        // A few sessions ask as often as many people do. They are counted all the same.
        command.env("LATCHKEY_POLICY__SESSION_RATE", "1000000");
        Server::start(&mut command, &data.join("log"))
    }
}
