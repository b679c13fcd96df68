//! `api`: every list of the management API, alone and at 1,000 requests a second.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, ensure};
use bench::home::Home;
use bench::machine;
use bench::meter::{Meter, percentile};
use bench::table::Table;

use crate::client::{Answered, Answers, As, Request, at_a_rate, in_turn};
use crate::population::{LARGE, OWNERS, Random};
use crate::requests::Paths;

const PER_SECOND: u32 = 1000;
const CONNECTIONS: usize = 64;
/// A request that begins so much later than its time is not on time: the clock of the client ticks in milliseconds.
const LATE: Duration = Duration::from_millis(5);

pub(crate) async fn run<H: Home>(home: &H, address: SocketAddr, is_quick: bool) -> Result<()> {
    let mut random = Random::new(2);
    let other = format!("acct_{}", 1 + random.below(OWNERS as u64 - 1));
    let askers = [
        Paths::find(address, As::Owner(LARGE.to_owned())).await?,
        Paths::find(address, As::Owner(other)).await?,
        Paths::find(address, As::Operator).await?,
    ];
    let alone = alone(home, address, &askers, if is_quick { 5 } else { 30 }).await?;
    let kinds = askers[0].all.len();
    let seconds: usize = if is_quick { 5 } else { 20 };
    let requests = (0..seconds * PER_SECOND as usize).map(|_| {
        let asker = usize::try_from(random.below(askers.len() as u64)).unwrap_or_default();
        let kind = usize::try_from(random.below(kinds as u64)).unwrap_or_default();
        Request::get(
            asker * kinds + kind,
            &askers[asker].all[kind].1,
            &askers[asker].who,
        )
    });
    let requests: Vec<Request> = requests.collect();
    machine::progress(&format!(
        "api: {}, {PER_SECOND} a second for {seconds} s",
        home.name()
    ));
    let meter = Meter::start(home)?;
    let answers = at_a_rate(address, requests, PER_SECOND, CONNECTIONS).await?;
    let spent = meter.stop(home, answers.0.len())?;
    print_each(home, &askers, &alone, &answers.0);
    let own = spent.own.saturating_sub(answers.1) + spent.database;
    print_all(home, &answers, own, spent.elapsed);
    Ok(())
}

/// CPU time of the server and the database for one request of each kind, in milliseconds: asker by asker.
async fn alone<H: Home>(
    home: &H,
    address: SocketAddr,
    askers: &[Paths],
    times: usize,
) -> Result<Vec<f64>> {
    let mut cpu = Vec::new();
    for asker in askers {
        for (title, path) in &asker.all {
            let request = Request::get(0, path, &asker.who);
            // Statements are prepared, and pages of the file are in memory.
            in_turn(address, vec![request.clone(); 3]).await?;
            let meter = Meter::start(home)?;
            let (answers, client) = in_turn(address, vec![request; times]).await?;
            let spent = meter.stop(home, times)?;
            let odd = answers.iter().find(|answer| answer.status != 200);
            ensure!(odd.is_none(), "{title} was answered {odd:?}: {path}");
            let ms = (spent.own.saturating_sub(client) + spent.database).as_secs_f64() * 1e3;
            cpu.push(ms / times as f64);
            machine::progress(&format!(
                "api: {}, {:?}, {title}: {:.2} ms of CPU, {} bytes",
                home.name(),
                asker.who,
                ms / times as f64,
                answers[0].length
            ));
        }
    }
    Ok(cpu)
}

fn print_each<H: Home>(home: &H, askers: &[Paths], alone: &[f64], answers: &[Answered]) {
    let mut table = Table::new(
        &format!(
            "{}: each list at {PER_SECOND} requests a second, ms: p50 / p99 / longest (CPU alone)",
            home.name()
        ),
        &[
            "list",
            "the large owner",
            "an owner of a thousand",
            "the operator",
        ],
    );
    let kinds = askers[0].all.len();
    for (kind, (title, _)) in askers[0].all.iter().enumerate() {
        let cell = |asker: usize| {
            let number = asker * kinds + kind;
            let took: Vec<f64> = answers
                .iter()
                .filter(|one| one.kind == number)
                .map(milliseconds)
                .collect();
            format!("{} ({:.2})", spread(&took), alone[number])
        };
        table.row([(*title).to_owned(), cell(0), cell(1), cell(2)]);
    }
    table.print();
}

fn print_all<H: Home>(home: &H, (answers, client): &Answers, cpu: Duration, elapsed: Duration) {
    let mut table = Table::new(
        &format!(
            "{}: all lists together, {PER_SECOND} requests a second",
            home.name()
        ),
        &[
            "what",
            "p50 / p99 / longest, ms",
            "p99, ms",
            "bar",
            "errors",
            "not on time",
            "CPU ms each",
            "CPU of two cores",
            "requests/s seen",
        ],
    );
    let took: Vec<f64> = answers.iter().map(milliseconds).collect();
    let errors = answers.iter().filter(|one| one.status != 200).count();
    let late = answers.iter().filter(|one| one.late > LATE).count();
    table.row([
        home.name().to_owned(),
        spread(&took),
        format!("{:.1}", percentile(&took, 0.99)),
        "100".to_owned(),
        errors.to_string(),
        late.to_string(),
        format!("{:.2}", cpu.as_secs_f64() * 1e3 / answers.len() as f64),
        format!(
            "{:.0} % (client {:.0} %)",
            share(cpu, elapsed),
            share(*client, elapsed)
        ),
        format!("{:.0}", answers.len() as f64 / elapsed.as_secs_f64()),
    ]);
    table.print();
}

fn share(cpu: Duration, elapsed: Duration) -> f64 {
    cpu.as_secs_f64() / elapsed.as_secs_f64() / 2.0 * 100.0
}

fn milliseconds(answered: &Answered) -> f64 {
    answered.took.as_secs_f64() * 1e3
}

fn spread(took: &[f64]) -> String {
    format!(
        "{:.1} / {:.1} / {:.1}",
        percentile(took, 0.5),
        percentile(took, 0.99),
        percentile(took, 1.0)
    )
}
