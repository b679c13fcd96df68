//! Builds the document 20 times and prints: milliseconds of the first, median of all, bytes, and the peak of memory in kB
//! at the start and after the first.

use std::time::Instant;

const RUNS: usize = 20;

pub fn run(document: fn() -> String) {
    let idle = peak_memory();
    let mut times = Vec::with_capacity(RUNS);
    let (mut bytes, mut peak) = (0, idle);
    for run in 0..RUNS {
        let start = Instant::now();
        let document = document();
        times.push(start.elapsed().as_secs_f64() * 1e3);
        bytes = document.len();
        if run == 0 {
            peak = peak_memory();
            if let Some(path) = std::env::args().nth(1) {
                std::fs::write(path, &document).expect("the document can be written to this path");
            }
        }
    }
    let first = times[0];
    times.sort_by(f64::total_cmp);
    println!("{first} {} {bytes} {idle} {peak}", times[RUNS / 2]);
}

/// What the process ever had in memory, from Linux.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
