//! Processes that are started to be measured, and what they weigh.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;

/// A process that ends with this value.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// `127.0.0.1:port`.
    pub(crate) address: String,
}

impl Running {
    /// Starts this program with other words, and reads the address that it prints.
    pub(crate) fn peer(words: &[&str]) -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(words)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        if let Some(output) = child.stdout.take() {
            std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut address)?;
        }
        Ok(Self {
            child,
            address: address.trim().to_owned(),
        })
    }

    /// How long the process has been at work on any processor.
    pub(crate) fn processor_time(&self) -> Outcome<Duration> {
        let mut nanoseconds = 0_u64;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let told = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            let at_work = told.split_whitespace().next().unwrap_or_default();
            nanoseconds += at_work.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Memory of the process in megabytes: now, and at its most.
    pub(crate) fn memory(&self) -> Outcome<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| -> Outcome<f64> {
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or_default();
            let kilobytes: f64 = line
                .trim_start_matches(':')
                .trim()
                .trim_end_matches(" kB")
                .parse()?;
            Ok(kilobytes / 1024.0)
        };
        Ok((field("VmRSS")?, field("VmHWM")?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended or already gone; either is what we want.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Numbers the installations of this run.
static INSTALLATIONS: AtomicU64 = AtomicU64::new(0);

/// An installation in a temporary folder.
#[derive(Debug)]
pub(crate) struct Installation {
    binary: PathBuf,
    /// Where it lies.
    pub(crate) folder: PathBuf,
    /// The key that clients of the gateway send.
    pub(crate) gateway_key: String,
}

impl Installation {
    /// `waarborg init` for one provider with one profile.
    pub(crate) fn make(binary: &Path, provider: &str, profile: &str) -> Outcome<Self> {
        let number = INSTALLATIONS.fetch_add(1, Ordering::Relaxed);
        let name = format!("waarborg-bench-{}-{number}-{profile}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&folder);
        let made = Command::new(binary)
            .args([
                "init",
                "--yes",
                "--provider",
                "openai",
                "--destination",
                "eu",
                "--profile",
                profile,
                "--output",
                "json",
            ])
            .args(["--base-url", &format!("http://{provider}/v1"), "--dir"])
            .arg(&folder)
            .output()?;
        if !made.status.success() {
            return Err(format!("waarborg init: {}", String::from_utf8_lossy(&made.stderr)).into());
        }
        let settings = folder.join("waarborg.toml");
        let unlimited = "\n[limits]\nkey_per_minute = 0\n";
        std::fs::write(&settings, std::fs::read_to_string(&settings)? + unlimited)?;
        let said: serde_json::Value = serde_json::from_slice(&made.stdout)?;
        let key = said
            .get("gateway_key")
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default();
        Ok(Self {
            binary: binary.to_owned(),
            folder,
            gateway_key: key.to_owned(),
        })
    }

    /// `waarborg serve`, and how long it took until it was ready.
    pub(crate) async fn start(&self) -> Outcome<(Running, Duration)> {
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?
            .local_addr()?
            .port();
        let address = format!("127.0.0.1:{port}");
        let log = std::fs::File::create(self.folder.join("bench.log"))?;
        let started_at = Instant::now();
        let child = Command::new(&self.binary)
            .args(["serve", "--listen", &address, "--dir"])
            .arg(&self.folder)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let running = Running { child, address };
        while !is_ready(&running.address).await {
            if started_at.elapsed() > Duration::from_secs(30) {
                return Err(std::fs::read_to_string(self.folder.join("bench.log"))?.into());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok((running, started_at.elapsed()))
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn is_ready(address: &str) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(address).await?;
        stream
            .write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.ends_with(b" 200"))
    };
    asked.await.unwrap_or(false)
}
