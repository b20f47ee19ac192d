//! Other processes: what they take, as Linux counts it, and how they end.

use std::fs;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Ticks of the clock in which Linux counts a process's time, in all architectures of today.
const TICK: Duration = Duration::from_millis(10);
/// How long a process may take to start or to end.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Returns the time that processes have computed, in and outside of the system, to 10 ms.
///
/// # Errors
///
/// One has ended.
pub fn cpu(processes: &[u32]) -> io::Result<Duration> {
    let ticks =
        |&process: &u32| Stat::of(process).map(|stat| stat.number(UTIME) + stat.number(STIME));
    let ticks: u64 = processes.iter().map(ticks).sum::<io::Result<_>>()?;
    Ok(TICK * u32::try_from(ticks).unwrap_or(u32::MAX))
}

/// Returns the time that this process has computed, in and outside of the system, with all its threads, to the
/// nanosecond.
#[must_use]
pub fn own_cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.try_into().unwrap_or_default()
}

/// Returns the bytes of memory that processes have got.
///
/// # Errors
///
/// One has ended.
pub fn memory(processes: &[u32]) -> io::Result<u64> {
    let kibibytes = |process: &u32| {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number: Option<u64> =
            line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        number.ok_or_else(|| io::Error::other("the process has ended"))
    };
    Ok(processes.iter().map(kibibytes).sum::<io::Result<u64>>()? << 10)
}

/// Returns whether there is anything to count with.
#[must_use]
pub fn is_counted() -> bool {
    fs::exists("/proc/self/stat").unwrap_or(false)
}

/// Has a process, with all its threads, run on this core alone, with `taskset` where that is installed: there is no
/// such function in std. Returns whether it does.
#[must_use]
pub fn pin(process: u32, core: u32) -> bool {
    let mut taskset = Command::new("taskset");
    taskset.args(["--all-tasks", "--cpu-list", "--pid", &core.to_string(), &process.to_string()]);
    let status = taskset.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Returns a process and all that come from it.
#[must_use]
pub fn family(process: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u64)> =
        all.filter_map(|child| Some((child, Stat::of(child).ok()?.number(PARENT)))).collect();
    let mut family = vec![process];
    let mut at = 0;
    while let Some(&member) = family.get(at) {
        let children = parents.iter().filter(|(_, parent)| *parent == u64::from(member));
        family.extend(children.map(|(child, _)| child));
        at += 1;
    }
    family
}

/// Waits for a process for as long as it may take to end, and returns whether it has.
pub fn ended(child: &mut Child) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    false
}

/// Waits for the end of the standard input.
pub fn until_the_end() {
    let mut stdin = io::stdin().lock();
    let mut byte = [0];
    while !matches!(stdin.read(&mut byte), Ok(0) | Err(_)) {}
}

const PARENT: usize = 4;
const UTIME: usize = 14;
const STIME: usize = 15;

/// What the system says of a process, with its fields numbered as in proc(5).
struct Stat(String);

impl Stat {
    fn of(process: u32) -> io::Result<Self> {
        fs::read_to_string(format!("/proc/{process}/stat")).map(Self)
    }

    fn number(&self, field: usize) -> u64 {
        // The second field is a name in parentheses, which can hold anything.
        let rest = self.0.rsplit_once(") ").map_or("", |(_, rest)| rest);
        rest.split(' ').nth(field - 3).and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_is_one_field() {
        let stat = Stat("1 (a) b (c) S 4 5 6 7 8 9 10 11 12 13 14 15 16".into());
        assert_eq!([PARENT, UTIME, STIME].map(|field| stat.number(field)), [4, 14, 15]);
    }

    #[test]
    fn this_process_is_of_its_parents_family() {
        let parent = std::os::unix::process::parent_id();
        assert!(family(parent).contains(&std::process::id()));
    }
}
