//! The built binary: one-off commands, and a server in a directory of its own.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use tempfile::TempDir;

use crate::{http::Client, upstream::Upstream};

/// The binary under test.
pub(crate) fn waarborg() -> Command {
    Command::new(env!("CARGO_BIN_EXE_waarborg"))
}

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn tell_skipped(path: &str) {
    eprintln!("SKIPPED: {path} is not there; set WAARBORG_SHARED to run this");
}

/// A file of the shared folder; `None`, loudly, where that folder is absent.
pub(crate) fn shared(name: &str) -> Option<String> {
    let root = std::env::var("WAARBORG_SHARED")
        .unwrap_or_else(|_| format!("{}/../../../shared", env!("CARGO_MANIFEST_DIR")));
    let path = format!("{root}/{name}");
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        tell_skipped(&path);
    }
    text
}

/// Runs one command with this input.
pub(crate) fn run_with(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = waarborg()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A child that stops early closes its end; that is for the test to see, not for the pipe.
    let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    feeding.join().unwrap();
    output
}

/// Runs one command without input.
pub(crate) fn run(arguments: &[&str]) -> Output {
    run_with(arguments, b"")
}

/// Standard output as text.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Standard error as text.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One installation in a directory of its own, with a test clock.
pub(crate) struct Installation {
    dir: TempDir,
    pub(crate) gateway_key: String,
    pub(crate) console_link: String,
}

impl Installation {
    /// Made by `waarborg init` for a provider at this upstream.
    pub(crate) fn with_upstream(upstream: &Upstream, destination: &str, profile: &str) -> Self {
        let base_url = upstream.base_url();
        Self::init(&[
            "--provider",
            "openai",
            "--base-url",
            &base_url,
            "--destination",
            destination,
            "--profile",
            profile,
        ])
    }

    /// Made by `waarborg init` for the demo provider.
    pub(crate) fn demo() -> Self {
        Self::init(&["--provider", "demo", "--destination", "own"])
    }

    fn init(more: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().to_str().unwrap();
        let mut arguments = vec![
            "init",
            "--dir",
            home,
            "--yes",
            "--test-clock",
            "--output",
            "json",
        ];
        arguments.extend_from_slice(more);
        let output = run(&arguments);
        assert!(output.status.success(), "init: {}", err(&output));
        let made: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = |name: &str| made[name].as_str().unwrap_or_default().to_owned();
        Self {
            gateway_key: text("gateway_key"),
            console_link: text("console_link"),
            dir,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn dir(&self) -> &str {
        self.dir.path().to_str().unwrap()
    }

    /// Changes the register in place.
    pub(crate) fn change_register(&self, change: impl FnOnce(String) -> String) {
        let path = self.path().join("register.toml");
        let source = std::fs::read_to_string(&path).unwrap();
        let changed = change(source.clone());
        assert_ne!(source, changed, "the change found nothing to change");
        std::fs::write(path, changed).unwrap();
    }

    /// Sets the test clock.
    pub(crate) fn set_clock(&self, time: &str) {
        let output = run(&["clock", "set", time, "--dir", self.dir()]);
        assert!(output.status.success(), "clock set: {}", err(&output));
    }

    /// Runs a command with `--dir` of this installation.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        let mut all = arguments.to_vec();
        all.extend_from_slice(&["--dir", self.dir()]);
        run(&all)
    }

    /// Starts the server on a free port.
    pub(crate) fn serve(&self) -> Server {
        Server::start(
            &[
                "serve",
                "--dir",
                self.dir(),
                "--listen",
                "127.0.0.1:0",
                "--output",
                "json",
            ],
            &[],
        )
    }

    /// The same with more in its environment.
    pub(crate) fn serve_with(&self, environment: &[(&str, &str)]) -> Server {
        let listen = ["--listen", "127.0.0.1:0", "--output", "json"];
        let mut arguments = vec!["serve", "--dir", self.dir()];
        arguments.extend(listen);
        Server::start(&arguments, environment)
    }

    /// Every file below the directory with its content.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.path(), &mut files);
        files
    }
}

fn collect(dir: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(content) = std::fs::read(&path) {
            files.push((path, content));
        }
    }
}

/// A running server; it is killed when the test ends.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) started: serde_json::Value,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Starts the binary and waits until it says where it listens.
    pub(crate) fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = waarborg();
        command.args(arguments).envs(environment.iter().copied());
        Self::start_as(command)
    }

    /// The same in a shell that first sets limits of the system.
    pub(crate) fn start_with_limits(limits: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("bash");
        command
            .args([
                "-c",
                &format!("{limits}; exec \"$0\" \"$@\""),
                env!("CARGO_BIN_EXE_waarborg"),
            ])
            .args(arguments);
        Self::start_as(command)
    }

    fn start_as(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said: Arc<Mutex<Vec<u8>>> = Arc::default();
        let mut stderr = child.stderr.take().unwrap();
        let kept = Arc::clone(&said);
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(n_read @ 1..) = stderr.read(&mut piece) {
                kept.lock().unwrap().extend_from_slice(&piece[..n_read]);
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let started: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let status = child.wait();
            panic!(
                "the server did not start ({status:?}): {}",
                String::from_utf8_lossy(&said.lock().unwrap())
            )
        });
        let kept = Arc::clone(&said);
        thread::spawn(move || {
            let mut rest = Vec::new();
            let _ = stdout.read_to_end(&mut rest);
            kept.lock().unwrap().extend_from_slice(&rest);
        });
        let address = started["listening"].as_str().unwrap().parse().unwrap();
        Self {
            child,
            address,
            started,
            said,
        }
    }

    /// A caller without a key.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Everything that the server wrote to standard output and standard error so far.
    pub(crate) fn said(&self) -> Vec<u8> {
        self.said.lock().unwrap().clone()
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to stop and waits for its end.
    pub(crate) fn stop(mut self) -> Vec<u8> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(asked.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "the server ended with {status}");
        self.said()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the condition holds; the program looks at its files twice a second.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    // A minute or more: other tests share the cores, and a slow machine is no fault.
    for _ in 0..600 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("never came true: {what}");
}
