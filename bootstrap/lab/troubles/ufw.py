"""ufw is active: default deny for what comes in and what is routed; ssh alone comes in.

Many hosters hand a machine over like this. A control plane behind it is reached by nobody, and NodePorts fail even
where their range was opened, because their packets are routed. kboot opens what the nodes need: `kboot explain
firewall-open`.
"""

from bootstrap.lab.host_file import HostFile
from bootstrap.lab.troubles.trouble import Birth, Laid, Trouble


def files(birth: Birth) -> Laid:
    """ufw as `ufw allow PORT/tcp && ufw enable` leaves it; its packaged defaults deny incoming and routed traffic."""
    port = birth.lab.ssh_port
    conf, rules, rules6 = (birth.base(f"/etc/ufw/{name}") for name in ("ufw.conf", "user.rules", "user6.rules"))
    return (
        HostFile("/etc/ufw/ufw.conf", conf.replace("ENABLED=no", "ENABLED=yes")),
        HostFile("/etc/ufw/user.rules", allowing(rules, "ufw", "0.0.0.0/0", port), 0o640),
        HostFile("/etc/ufw/user6.rules", allowing(rules6, "ufw6", "::/0", port), 0o640),
    )


def allowing(rules: str, chain: str, anywhere: str, port: int) -> str:
    """ufw's user.rules with one rule, written as ufw 0.36 writes and reads it (the `tuple` comment is its record)."""
    rule = (
        f"### RULES ###\n\n### tuple ### allow tcp {port} {anywhere} any {anywhere} in\n"
        f"-A {chain}-user-input -p tcp --dport {port} -j ACCEPT\n\n### END RULES ###\n"
    )
    return rules.replace("### RULES ###\n", rule, 1)


UFW = Trouble("ufw", __doc__ or "", packages=("ufw",), files=files)
