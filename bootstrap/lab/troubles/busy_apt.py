"""An unattended upgrade is at work: it holds dpkg's and apt's locks for two minutes after `lab up`.

unattended-upgrades starts with a host's first minutes (apt-daily-upgrade.timer), and takes minutes for a month's worth
of updates; whoever installs a package meanwhile is told "Could not get lock /var/lib/dpkg/lock-frontend". kboot says
who holds it and waits: `kboot explain package-manager-free`. KBOOT_LAB_BUSY_APT_S is another number of seconds.
"""

import os

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble

SECONDS = 120
VARIABLE = "KBOOT_LAB_BUSY_APT_S"
PROGRAM = "/usr/lib/kboot-lab/unattended-upgrade"

# dpkg and apt lock by fcntl(2), which flock(1) does not speak; Perl is in every Debian. It goes by its model's name.
HOLDER = r"""
use strict;
use Fcntl qw(F_SETLKW F_WRLCK);
$0 = "/usr/bin/python3 /usr/bin/unattended-upgrade";
my @held;
for my $path ("/var/lib/apt/lists/lock", "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock") {
    my $whole = pack("s s l! l! i", F_WRLCK, 0, 0, 0, 0);
    open(my $lock, "+>>", $path) or die "$path: $!";
    fcntl($lock, F_SETLKW, $whole) or die "$path: $!";
    push @held, $lock;
}
sleep $ARGV[0];
"""


def files(_birth: Birth) -> Laid:
    """The program that holds the locks."""
    return (HostFile(PROGRAM, HOLDER),)


def once() -> str:
    """Begins when the host is handed over. The second start of a script that was killed finds the first one's unit."""
    # Read when kboot starts, for whatever command: what is no number must break none of them.
    told = os.environ.get(VARIABLE, "")
    seconds = int(told) if told.isdecimal() else SECONDS
    return (
        "systemctl is-active --quiet apt-daily-upgrade-lab.service || "
        f"systemd-run --quiet --collect --unit=apt-daily-upgrade-lab perl {PROGRAM} {seconds}\n"
    )


BUSY_APT = Trouble("busy-apt", __doc__ or "", files=files, once=once())
