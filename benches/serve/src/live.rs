//! `live`: what listeners to the live feed cost those who send.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use bench::home::Home;
use bench::meter::{Meter, percentile};
use bench::sink::Sink;
use bench::steady::{SentAt, at_a_rate, delays};
use bench::table::{Table, median};
use bench::{core, machine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime;
use webhooks_sender::{Sender, Subscription};
use webhooks_store::Database;

use crate::subject::{message, sender, serve};

const OWNER: &str = "acct_1";
const PER_SECOND: u32 = 200;
const LISTENERS: usize = 100;
/// The time in which what one round left behind is gone.
const WARM_UP: u32 = 2;

/// One round.
struct Round {
    returned_p99: f64,
    arrived_p50: f64,
    arrived_p99: f64,
    cpu_ms: f64,
    /// Happenings that each listener was told.
    told: f64,
}

pub(crate) async fn run<H: Home>(home: &H, is_quick: bool) -> Result<()> {
    let (rounds, seconds) = if is_quick { (1, 5) } else { (3, 20) };
    let sink = Sink::start()?;
    let (mut none, mut some) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        for (listeners, measured) in [(0, &mut none), (LISTENERS, &mut some)] {
            measured.push(measure(home, &sink, listeners, seconds).await?);
            machine::progress(&format!(
                "live: {}, {listeners} listeners, round {round} of {rounds}",
                home.name()
            ));
        }
    }
    let mut table = Table::new(
        &format!(
            "{}: {PER_SECOND} events a second with {LISTENERS} listeners: median of {rounds} rounds of {seconds} s",
            home.name()
        ),
        &[
            "listeners",
            "`send` returns, p99 ms",
            "it arrives, p50 / p99 ms",
            "p99, of none",
            "bar",
            "CPU ms for each event",
            "told each, for each event",
        ],
    );
    let middle = |rounds: &[Round], value: fn(&Round) -> f64| {
        median(&rounds.iter().map(value).collect::<Vec<_>>())
    };
    let ratios = none
        .iter()
        .zip(&some)
        .map(|(none, some)| some.arrived_p99 / none.arrived_p99);
    let ratio = median(&ratios.collect::<Vec<_>>());
    for (title, measured, ratio, bar) in [
        ("none".to_owned(), &none, "1.00".to_owned(), ""),
        (LISTENERS.to_string(), &some, format!("{ratio:.2}"), "1.2"),
    ] {
        table.row([
            title,
            format!("{:.1}", middle(measured, |one| one.returned_p99)),
            format!(
                "{:.1} / {:.1}",
                middle(measured, |one| one.arrived_p50),
                middle(measured, |one| one.arrived_p99)
            ),
            ratio,
            bar.to_owned(),
            format!("{:.2}", middle(measured, |one| one.cpu_ms)),
            format!("{:.2}", middle(measured, |one| one.told)),
        ]);
    }
    table.print();
    Ok(())
}

async fn measure<H: Home>(home: &H, sink: &Sink, listeners: usize, seconds: u32) -> Result<Round> {
    let pool = home.fresh().await?;
    let sender = sender(&pool, true).await?;
    let subscription = Subscription::new(OWNER, sink.logged(0)).event("*");
    sender.operator().subscribe(subscription).await?;
    let address = serve(&sender).await?;
    let audience = Audience::gather(address, listeners)?;
    send(&sender, WARM_UP * PER_SECOND).await?;
    sink.wait_for((WARM_UP * PER_SECOND) as usize).await?;
    sink.reset()?;
    let (heard, heard_cpu) = (audience.heard(), audience.cpu_time());
    let meter = Meter::start(home)?;
    let messages = send(&sender, seconds * PER_SECOND).await?;
    sink.wait_for(messages.len()).await?;
    let spent = meter.stop(home, messages.len())?;
    let told = (audience.heard() - heard) as f64 / messages.len() as f64 / listeners.max(1) as f64;
    let of_listeners = audience.cpu_time().saturating_sub(heard_cpu);
    let cpu = (spent.own + spent.database).saturating_sub(of_listeners);
    let arrived = delays(&messages, &sink.arrivals()?, |times| times.0);
    let returned: Vec<f64> = messages
        .values()
        .map(|(called, returned)| (returned - called) as f64 / 1e6)
        .collect();
    audience.dismiss();
    sender.shut_down().await;
    pool.close().await;
    Ok(Round {
        returned_p99: percentile(&returned, 0.99),
        arrived_p50: percentile(&arrived, 0.5),
        arrived_p99: percentile(&arrived, 0.99),
        cpu_ms: cpu.as_secs_f64() * 1e3 / messages.len() as f64,
        told,
    })
}

/// Sends so many messages at their times.
async fn send<D: Database>(sender: &Sender<D>, count: u32) -> Result<SentAt> {
    at_a_rate(PER_SECOND, count, |number| {
        let sender = sender.clone();
        async move {
            let sent = sender.send(OWNER, message(number.into())).await?;
            Ok(sent.id.to_string())
        }
    })
    .await
}

/// Listeners on a thread of their own, whose CPU time is not counted.
struct Audience {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    heard: AtomicUsize,
    cpu_us: AtomicUsize,
    is_over: AtomicBool,
}

impl Audience {
    fn gather(address: SocketAddr, listeners: usize) -> Result<Self> {
        let shared = Arc::<Shared>::default();
        let mut streams = Vec::new();
        for _ in 0..listeners {
            let stream = std::net::TcpStream::connect(address)?;
            stream.set_nonblocking(true)?;
            streams.push(stream);
        }
        let own = Arc::clone(&shared);
        thread::spawn(move || listen(streams, &own));
        Ok(Self { shared })
    }

    fn heard(&self) -> usize {
        self.shared.heard.load(Ordering::Relaxed)
    }

    fn cpu_time(&self) -> Duration {
        let us = self.shared.cpu_us.load(Ordering::Relaxed);
        Duration::from_micros(us.try_into().unwrap_or_default())
    }

    fn dismiss(&self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
    }
}

fn listen(streams: Vec<std::net::TcpStream>, shared: &Arc<Shared>) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        for stream in streams {
            let (stream, shared) = (TcpStream::from_std(stream)?, Arc::clone(shared));
            tokio::spawn(async move { hear(stream, &shared).await });
        }
        while !shared.is_over.load(Ordering::Relaxed) {
            let us = usize::try_from(core::cpu_time().as_micros()).unwrap_or(usize::MAX);
            shared.cpu_us.store(us, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    })
}

async fn hear(mut stream: TcpStream, shared: &Shared) -> Result<()> {
    stream
        .write_all(b"GET /api/live HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        // An event may come in two pieces; the few of them that are cut within these bytes are not counted.
        let happened = buffer[..read].windows(7).filter(|part| *part == b"event: ");
        shared.heard.fetch_add(happened.count(), Ordering::Relaxed);
    }
}
