"""kboot: bare Ubuntu/Debian hosts to a working kubeadm cluster over SSH."""

__version__ = "0.1.0"
