//! Servers side by side under the same load: in turn, several times, the median of each.
//!
//! A server has one core, the client another. The figure that counts is the server's CPU time per request, and its ratio
//! within each round: neither changes when other work takes a part of the core, as requests per second do.

use std::time::Duration;

use anyhow::Result;
use axum::Router;

use crate::client::Load;
use crate::core;
use crate::machine;
use crate::server::Server;
use crate::table::{Table, median};

/// Many short rounds: what disturbs the machine disturbs all subjects of a round alike.
const ROUNDS: usize = 41;
const WARM_UP: Duration = Duration::from_millis(500);
const TIME: Duration = Duration::from_millis(250);

/// A server and what is sent to it.
#[derive(Debug)]
pub struct Subject {
    pub title: String,
    pub router: Router,
    pub load: Load,
}

/// Loads each subject; the first one is what the others are compared with.
///
/// # Errors
///
/// When the machine has fewer than two cores, and when a server answers otherwise than expected.
pub fn compare(heading: &str, subjects: Vec<Subject>) -> Result<Table> {
    core::stay_on(1)?;
    let mut running = Vec::new();
    for Subject {
        title,
        router,
        load,
    } in subjects
    {
        let server = Server::start(router, 0)?;
        load.send(server.address(), WARM_UP)?;
        running.push(Running {
            title,
            server,
            load,
            cpu: Vec::new(),
            rate: Vec::new(),
        });
    }
    for round in 1..=ROUNDS {
        for one in &mut running {
            one.measure()?;
        }
        machine::progress(&format!("{heading}: round {round} of {ROUNDS}"));
    }
    Ok(table(heading, &running))
}

struct Running {
    title: String,
    server: Server,
    load: Load,
    /// Microseconds of the server for each request, by round.
    cpu: Vec<f64>,
    /// Requests per second, by round.
    rate: Vec<f64>,
}

impl Running {
    fn measure(&mut self) -> Result<()> {
        let before = self.server.cpu_time()?;
        let answered = self.load.send(self.server.address(), TIME)?;
        let spent = self.server.cpu_time()?.saturating_sub(before);
        self.cpu
            .push(spent.as_secs_f64() * 1e6 / answered.requests as f64);
        self.rate
            .push(answered.requests as f64 / answered.elapsed.as_secs_f64());
        Ok(())
    }
}

fn table(heading: &str, running: &[Running]) -> Table {
    let mut table = Table::new(
        heading,
        &[
            "served by",
            "CPU of the server, µs each",
            "requests per CPU second",
            "of the first",
            "requests/s seen",
        ],
    );
    for one in running {
        let cpu = median(&one.cpu);
        let ratios = running[0]
            .cpu
            .iter()
            .zip(&one.cpu)
            .map(|(first, own)| first / own);
        table.row([
            one.title.clone(),
            format!("{cpu:.2}"),
            format!("{:.0}", 1e6 / cpu),
            format!("{:.2}", median(&ratios.collect::<Vec<_>>())),
            format!("{:.0}", median(&one.rate)),
        ]);
    }
    table
}
