//! What the system knows of this process. Only Linux tells it in a way that costs nothing.

use std::fs;

/// A second has so many of the system's ticks: USER_HZ, which is 100 wherever Linux runs.
const TICKS: f64 = 100.0;

/// The process at one moment; `None` where the system does not say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ProcessFigures {
    /// Memory it has in RAM, in bytes.
    pub(super) resident: Option<u64>,
    /// Files and sockets it has open.
    pub(super) open_files: Option<u64>,
    /// How many it may have.
    pub(super) most_files: Option<u64>,
    /// Seconds of processor time it has used.
    pub(super) cpu: Option<f64>,
}

impl ProcessFigures {
    /// Asks the system.
    pub(super) fn read() -> Self {
        let file = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).ok();
        let open = fs::read_dir("/proc/self/fd").ok();
        Self {
            resident: file("status").and_then(|text| resident(&text)),
            // Less the one that counting them takes.
            open_files: open.map(|open| (open.count() as u64).saturating_sub(1)),
            most_files: file("limits").and_then(|text| most_files(&text)),
            cpu: file("stat").and_then(|text| cpu(&text)),
        }
    }
}

fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib: u64 = line?.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// The soft limit; `unlimited` is none.
fn most_files(limits: &str) -> Option<u64> {
    let name = "Max open files";
    let line = limits.lines().find_map(|line| line.strip_prefix(name));
    line?.split_whitespace().next()?.parse().ok()
}

/// The time in user and system mode: fields 14 and 15. The name before them may hold anything.
fn cpu(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_texts_are_understood() {
        assert_eq!(
            resident("VmHWM:\t 9 kB\nVmRSS:\t  2048 kB\n"),
            Some(2_097_152)
        );
        let limits = "Limit Soft Hard Units\nMax open files            1024   4096   files\n";
        assert_eq!(most_files(limits), Some(1_024));
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 2 3 4 250 50 0 0 20 0 9 0 12345 1 1";
        assert_eq!(cpu(stat), Some(3.0));
    }

    #[test]
    fn what_makes_no_sense_is_not_told() {
        for text in ["", "VmRSS: lots", "Max open files unlimited", "7 (x) S"] {
            assert_eq!(
                (resident(text), most_files(text), cpu(text)),
                (None, None, None)
            );
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_all_of_it() {
        let found = ProcessFigures::read();
        assert!(
            found.resident.is_some_and(|bytes| bytes > 1 << 20),
            "{found:?}"
        );
        let most = found.most_files.unwrap_or(u64::MAX);
        assert!(found.open_files.is_some_and(|open| open > 2 && open < most));
        assert!(found.cpu.is_some());
    }
}
