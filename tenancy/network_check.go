package tenancy

import (
	"fmt"
	"maps"
	"net/netip"
	"reflect"
	"slices"

	"github.com/millrace/millrace"
)

// madePolicies are the names of the policies that fields make.
var madePolicies = []string{
	"brokers", "clients", "default-deny", "dns", "identity", "prometheus", "shuffle", "spark-api-server", "spark-driver", "spark-executor", "stores", "workflow-api-server",
}

func (n Network) check(problems *millrace.Problems) {
	if n.Open {
		v := reflect.ValueOf(n)
		for i := range v.NumField() {
			if name := v.Type().Field(i).Name; name != "Open" && !v.Field(i).IsZero() {
				problems.Conflict("Network."+name, "Network.Open makes no policies", "leave one of them out")
			}
		}
		return
	}
	for _, of := range []struct {
		field string
		cidrs []string
	}{{"DNSAddresses", n.DNSAddresses}, {"APIServer", n.APIServer}, {"PodCIDRs", n.PodCIDRs}} {
		checkCIDRs(problems, "Network."+of.field, of.cidrs)
	}
	for i, cidr := range n.PodCIDRs {
		if p, err := netip.ParsePrefix(cidr); err == nil && p.Bits() == 0 {
			problems.Invalid(fmt.Sprintf("Network.PodCIDRs[%d]", i), cidr, "that is every address", "name the range of the pods")
		}
	}
	if n.NoStores && len(n.Stores) > 0 {
		problems.Conflict("Network.NoStores", "Stores are named", "leave one of them out")
	}
	for _, of := range []struct {
		field string
		peers []Peer
	}{{"Stores", n.Stores}, {"Brokers", n.Brokers}, {"Shuffle", n.Shuffle}, {"Prometheus", n.Prometheus}, {"Clients", n.Clients}} {
		for i, p := range of.peers {
			p.check(problems, fmt.Sprintf("Network.%s[%d]", of.field, i))
		}
	}
	switch n.Identity {
	case "", GKEWorkloadIdentity, GKEDataplaneV2, EKSPodIdentity:
	default:
		problems.Invalid("Network.Identity", string(n.Identity), "unknown server", "use tenancy.GKEWorkloadIdentity, GKEDataplaneV2 or EKSPodIdentity")
	}
	if p := n.BlockManagerPort; p != 0 && (p < 1024 || p > 65535) {
		problems.Invalid("Network.BlockManagerPort", p, "Spark takes none below 1024", "use 7079")
	}
	for _, name := range slices.Sorted(maps.Keys(n.Policies)) {
		at := "Network.Policies[" + name + "]"
		problems.Name(at, name)
		if slices.Contains(madePolicies, name) {
			problems.Conflict(at, "a field makes a policy of this name", "use another name")
		}
	}
}

func checkCIDRs(problems *millrace.Problems, field string, cidrs []string) {
	for i, cidr := range cidrs {
		at := fmt.Sprintf("%s[%d]", field, i)
		p, err := netip.ParsePrefix(cidr)
		switch {
		case err != nil:
			problems.Invalid(at, cidr, "not a range of addresses", `use one such as "10.0.0.0/8", or "10.0.0.1/32" for one address`)
		case p != p.Masked():
			problems.Invalid(at, cidr, "has bits behind its mask", fmt.Sprintf("use %q", p.Masked()))
		}
	}
}

// is6 reports whether a range is of version 6.
func is6(cidr string) bool {
	p, err := netip.ParsePrefix(cidr)
	return err == nil && p.Addr().Is6()
}

func (p Peer) check(problems *millrace.Problems, at string) {
	pods := p.Namespace != "" || len(p.Pods) > 0
	switch {
	case !pods && len(p.CIDRs) == 0:
		problems.Required(at+".Namespace", "say who it is: Namespace and Pods, or CIDRs")
	case pods && len(p.CIDRs) > 0:
		problems.Conflict(at+".CIDRs", "it is either pods or addresses", "make two peers of it")
	}
	problems.Namespace(at+".Namespace", p.Namespace)
	problems.Labels(at+".Pods", p.Pods)
	checkCIDRs(problems, at+".CIDRs", p.CIDRs)
	for i, port := range p.Ports {
		if port < 1 || port > 65535 {
			problems.Invalid(fmt.Sprintf("%s.Ports[%d]", at, i), port, "not a port", "use 1 to 65535")
		}
	}
}
