//! Processes of a test. None outlives it: each is killed when it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long is waited for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    printed: Vec<String>,
}

impl Process {
    /// Starts a command. Its standard input is closed with us, and its standard output read.
    ///
    /// # Panics
    ///
    /// When there is no such program.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let output = child.stdout.take().expect("its output is ours");
        Self {
            child,
            lines: read(output),
            printed: Vec::new(),
        }
    }

    /// The next line of its output that contains this text.
    ///
    /// # Panics
    ///
    /// When none comes, with what was printed.
    pub fn line_with(&mut self, text: &str) -> String {
        let start = Instant::now();
        while let Ok(line) = self
            .lines
            .recv_timeout(PATIENCE.saturating_sub(start.elapsed()))
        {
            self.printed.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
        panic!(
            "no line with \"{text}\" came; what was printed:\n{}",
            self.printed.join("\n")
        );
    }

    /// Whether it has ended by itself.
    ///
    /// # Panics
    ///
    /// When the system does not know.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child's state").is_some()
    }

    /// SIGKILL: it has no chance to tidy up.
    ///
    /// # Panics
    ///
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// SIGTERM: it ends what it has begun.
    ///
    /// # Panics
    ///
    /// When it has ended before, or does not end.
    pub fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.wait()
    }

    /// SIGSTOP: it stands still, as on a machine that is paused, and does not know.
    ///
    /// # Panics
    ///
    /// When it has ended before.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// SIGCONT: it goes on where it stood.
    ///
    /// # Panics
    ///
    /// When it has ended before.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        // The shell's own `kill`: not every machine has the program.
        let sent = Command::new("sh")
            .args(["-c", "kill -\"$1\" \"$2\"", "sh", name, &id])
            .status();
        let sent = sent.expect("a shell can be run");
        assert!(sent.success(), "the process is there");
    }

    /// Waits until it ends by itself.
    ///
    /// # Panics
    ///
    /// When it does not.
    pub fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child's state") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the process does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to stop.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Goes on reading, so that the process never blocks on a full pipe, and ends with it.
fn read(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // The test may have stopped reading; the rest is only drained.
            let _ = sender.send(line);
        }
    });
    receiver
}
