package crdgen

import "testing"

func TestGoName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"replicas", "Replicas"},
		{"-XX", "XX"},
		{"-Xmx", "Xmx"},
		{"clusterCa", "ClusterCA"},
		{"jvmOptions", "JVMOptions"},
		{"externalIPs", "ExternalIPs"},
		{"loadBalancerIP", "LoadBalancerIP"},
		{"nodeIds", "NodeIDs"},
		{"useServiceDnsDomain", "UseServiceDNSDomain"},
		{"kraftMetadata", "KRaftMetadata"},
		{"scram-sha-512", "SCRAMSHA512"},
		{"cluster-ip", "ClusterIP"},
		{"tlsroute", "TLSRoute"},
		{"sha512sum", "SHA512Sum"},
		{"kafkaMirrorMaker2", "KafkaMirrorMaker2"},
		{"512", "X512"},
		{"", "X"},
		{"é", "X"},
	}
	for _, tt := range tests {
		if got := goName(tt.in); got != tt.want {
			t.Errorf("goName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestPathName(t *testing.T) {
	tests := []struct{ in, want string }{
		{"Thing.spec", "ThingSpec"},
		{"Thing.status", "ThingStatus"},
		{"Thing.spec.template.spec", "ThingTemplateSpec"},
		{"Thing.spec.list[].url", "ThingListURL"},
		{"Thing.spec.map{}", "ThingMap"},
	}
	for _, tt := range tests {
		if got := pathName(tt.in); got != tt.want {
			t.Errorf("pathName(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLookupTakesTheLongestKey(t *testing.T) {
	table := map[string]int{"A.b.c": 1, "*.b.c": 2, "*.c": 3}
	tests := []struct {
		path string
		key  string
		want int
	}{
		{"A.b.c", "A.b.c", 1},
		{"X.b.c", "*.b.c", 2},
		{"A.x.b.c", "*.b.c", 2},
		{"A.x.c", "*.c", 3},
		{"A.xc", "", 0},
		{"c", "", 0},
	}
	for _, tt := range tests {
		key, got, ok := lookup(table, tt.path)
		if key != tt.key || got != tt.want || ok != (tt.want > 0) {
			t.Errorf("lookup(%q) = %q, %d, %v, want %q, %d", tt.path, key, got, ok, tt.key, tt.want)
		}
	}
}
