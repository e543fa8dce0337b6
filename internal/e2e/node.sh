# The first process of a node's own world: it has its own processes, network
# and mounts, and all of them end with it, whatever happened inside. $state is
# the node's directory; what is mounted here is seen in here only.
set -eu

mount -t proc proc /proc
mount --make-rshared /
mount -t tmpfs tmpfs /run
mkdir -p /run/lock "$state/log" "$state/cni-state"
mount --bind "$state/log" /var/log
mount --bind "$state/cni-state" /var/lib/cni

# The kubelet insists on these values. They belong to the whole machine, so it
# finds them here already and need not set them.
pretend() {
	file=$state/kernel-$(basename "$1")
	echo "$2" >"$file"
	mount --bind "$file" "/proc/sys/$1"
}
pretend vm/overcommit_memory 1
pretend vm/panic_on_oom 0
pretend kernel/panic 10
pretend kernel/panic_on_oops 1
pretend kernel/keys/root_maxkeys 1000000
pretend kernel/keys/root_maxbytes 25000000

ip link set lo up
until ip link show node0 >/dev/null 2>&1; do sleep 0.05; done
ip address add "$node/30" dev node0
ip link set node0 up
ip route add default via "$host"
echo 1 >/proc/sys/net/ipv4/ip_forward
# There is no kube-proxy: the one service that pods need is the API server.
for chain in PREROUTING OUTPUT; do
	iptables -w -t nat -A "$chain" -d "$service" -p tcp --dport 443 -j DNAT --to-destination "$server"
done

containerd --config "$state/containerd.toml" >"$state/containerd.log" 2>&1 &
containerd=$!
until [ -S "$state/containerd.sock" ]; do
	kill -0 $containerd || exit 1
	sleep 0.05
done
"$kubelet" --config="$state/kubelet.yaml" --kubeconfig="$state/kubeconfig" --root-dir="$state/kubelet" \
	--cert-dir="$state/kubelet-pki" --hostname-override=e2e --node-ip="$node" >"$state/kubelet.log" 2>&1 &
kubelet=$!
# The sleep is also what collects orphans.
while kill -0 $containerd 2>/dev/null && kill -0 $kubelet 2>/dev/null; do sleep 1; done
tail -n 5 "$state/containerd.log" "$state/kubelet.log"
exit 1
