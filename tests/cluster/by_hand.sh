#!/usr/bin/env bash
# The cluster made by hand on lab hosts, as an admin would type it: the oracle for the end state and the critical path.
# Usage: by_hand.sh SSH_CONFIG BUNDLE POD_CIDR CONTROL_PLANE [WORKER...]
# Prints one line per command: host, what, seconds from the start, seconds it took. Nothing here is kboot's own code.
set -euo pipefail
ssh_config=$1 bundle=$2 pod_cidr=$3 control_plane=$4
shift 4
workers=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The bundle's plugin image is another version than the manifest names: the lock says why.
plugin=$(cd "$bundle/images" && ls flannel-cni-plugin-* | sed 's/.*plugin-\(.*\)\.tar/\1/')
zero=$(date +%s.%N)

on() { ssh -T -F "$ssh_config" "$1" sudo sh -s; }
took() { # HOST WHAT: times the script on stdin
  local start end
  start=$(date +%s.%N)
  on "$1" >"$work/$1-$2.log" 2>&1 || { echo "$1 $2 failed" >&2; tail -n 20 "$work/$1-$2.log" >&2; return 1; }
  end=$(date +%s.%N)
  awk -v h="$1" -v w="$2" -v z="$zero" -v s="$start" -v e="$end" 'BEGIN { printf "%s %s %.1f %.1f\n", h, w, s - z, e - s }'
}
send() { # HOST FOLDER: a folder of the bundle to /var/lib/by-hand
  tar -C "$bundle" -cf - "$2" | ssh -F "$ssh_config" "$1" 'sudo mkdir -p /var/lib/by-hand && sudo tar -C /var/lib/by-hand -xf -'
}

prepare() { # HOST: packages and containerd
  send "$1" apt
  took "$1" packages <<'SCRIPT'
set -e
chmod -R a+rX /var/lib/by-hand
cd /var/lib/by-hand/apt/bookworm
echo "deb [signed-by=/var/lib/by-hand/apt/kboot-archive-keyring.gpg] file:$PWD ./" >/var/lib/by-hand/sources.list
apt="apt-get -q -o Dir::Etc::SourceList=/var/lib/by-hand/sources.list -o Dir::Etc::SourceParts=/dev/null"
$apt update
DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends containerd.io kubeadm kubelet kubectl
apt-mark hold containerd.io kubeadm kubelet kubectl
SCRIPT
  took "$1" containerd <<'SCRIPT'
set -e
pause=$(kubeadm config images list 2>/dev/null | grep pause || echo registry.k8s.io/pause:3.10.1)
cat >/etc/containerd/config.toml <<TOML
version = 3
[plugins."io.containerd.cri.v1.runtime"]
restrict_oom_score_adj = true
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
SystemdCgroup = true
[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "$pause"
TOML
printf 'overlay\nbr_netfilter\n' >/etc/modules-load.d/by-hand.conf
printf 'net.ipv4.ip_forward = 1\nnet.bridge.bridge-nf-call-iptables = 1\n' >/etc/sysctl.d/by-hand.conf
modprobe overlay; modprobe br_netfilter; sysctl -q -p /etc/sysctl.d/by-hand.conf
systemctl restart containerd
SCRIPT
}

images() { # HOST WHAT NAME...: import these archives
  local host=$1 what=$2 name
  shift 2
  local files=()
  for name in "$@"; do mapfile -t -O "${#files[@]}" files < <(cd "$bundle" && ls images/"$name"*); done
  tar -C "$bundle" -cf - "${files[@]}" | ssh -F "$ssh_config" "$host" 'sudo tar -C /var/lib/by-hand -xf -'
  printf 'cd /var/lib/by-hand\nfor file in %s; do ctr -n k8s.io images import "$file" || exit 1; done\n' "${files[*]}" | took "$host" "$what"
}

kubelet_settings() {
  cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: nftables
conntrack: {maxPerCore: 0, min: 0}
YAML
}

init() {
  took "$control_plane" kubeadm-init <<SCRIPT
set -e
cat >/root/init.yaml <<YAML
apiVersion: kubeadm.k8s.io/v1beta4
kind: InitConfiguration
bootstrapTokens: [{token: abcdef.0123456789abcdef, ttl: 1h0m0s}]
localAPIEndpoint: {advertiseAddress: $(address "$control_plane")}
nodeRegistration:
  name: $control_plane
  ignorePreflightErrors: [SystemVerification]
  imagePullPolicy: Never
  kubeletExtraArgs: [{name: node-ip, value: $(address "$control_plane")}]
---
apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
kubernetesVersion: \$(kubeadm version -o short)
networking: {podSubnet: $pod_cidr}
dns: {imageTag: v1.14.3}
---
$(kubelet_settings)
YAML
kubeadm init --config /root/init.yaml --skip-token-print
SCRIPT
}

address() { ssh -F "$ssh_config" -G "$1" | sed -n 's/^hostname //p'; }
kubectl() { printf 'kubectl --kubeconfig /etc/kubernetes/admin.conf %s\n' "$*" | on "$control_plane"; }

join() { # HOST
  took "$1" kubeadm-join <<SCRIPT
kubeadm join $(address "$control_plane"):6443 --node-name $1 --token abcdef.0123456789abcdef \
  --discovery-token-unsafe-skip-ca-verification --ignore-preflight-errors=SystemVerification
SCRIPT
}

addons() {
  send "$control_plane" manifests
  took "$control_plane" flannel <<SCRIPT
sed 's#10.244.0.0/16#$pod_cidr#; s#flannel-cni-plugin:v.*#flannel-cni-plugin:$plugin#' /var/lib/by-hand/manifests/flannel-*.yaml | kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f -
SCRIPT
  took "$control_plane" metrics-server <<'SCRIPT'
k="kubectl --kubeconfig /etc/kubernetes/admin.conf"
cat /var/lib/by-hand/manifests/metrics-server-*.yaml | $k apply -f -
$k -n kube-system patch deployment metrics-server --type json -p '[
 {"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure-tls"},
 {"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-preferred-address-types=InternalIP"}]'
SCRIPT
}

control_plane_way() {
  prepare "$control_plane"
  images "$control_plane" images pause etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy
  images "$control_plane" images-beside-init coredns flannel &
  local beside=$!
  init
  touch "$work/api"
  wait "$beside"
  addons
}
worker_way() {
  prepare "$1"
  images "$1" images pause kube-proxy flannel coredns metrics-server
  for _ in $(seq 600); do [ -e "$work/api" ] && break; sleep 0.2; done
  join "$1"
}

control_plane_way & ways=($!)
for worker in "${workers[@]}"; do worker_way "$worker" & ways+=($!); done
for way in "${ways[@]}"; do wait "$way"; done

start=$(date +%s.%N)
count=$((1 + ${#workers[@]}))
for _ in $(seq 120); do
  [ "$(kubectl top nodes --no-headers 2>/dev/null | grep -vc unknown)" = "$count" ] && break
  sleep 0.5
done
kubectl get nodes -o wide
kubectl top nodes
awk -v z="$zero" -v s="$start" -v e="$(date +%s.%N)" 'BEGIN { printf "cluster settled %.1f %.1f\n", s - z, e - s; printf "total by-hand 0.0 %.1f\n", e - z }'
