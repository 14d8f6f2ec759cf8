"""What people search for: one page per error text of Kubernetes, kubeadm, containerd, apt and SSH, as data (*.yaml).

A page: `texts` as the programs print them (... stands for whatever changes: an address, a name, a version), `words`
that find it too, what it `means`, `why` it happens, what kboot `does` about it, what one can `type`, the `source`, and
`see`: steps and codes of kboot. Sources were checked 2026-11.
"""
