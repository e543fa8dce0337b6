package crdgen

import (
	"regexp"
	"strings"
)

// words spells the words that Go names write in another way than with one
// leading capital.
var words = map[string]string{
	"acl": "ACL", "acls": "ACLs", "ami": "AMI", "amis": "AMIs", "api": "API", "ca": "CA", "cors": "CORS",
	"cpu": "CPU", "csi": "CSI", "dns": "DNS", "ebs": "EBS", "gc": "GC", "grpc": "GRPC", "http": "HTTP", "id": "ID",
	"ids": "IDs", "io": "IO", "iops": "IOPS", "ip": "IP", "ips": "IPs", "jar": "JAR",
	"jbod": "JBOD", "jdk": "JDK", "jmx": "JMX", "json": "JSON", "jvm": "JVM", "kms": "KMS", "sasl": "SASL",
	"scram": "SCRAM", "sha": "SHA", "ssm": "SSM", "tcp": "TCP", "tgz": "TGZ", "tls": "TLS", "ttl": "TTL", "udp": "UDP",
	"uid": "UID", "url": "URL", "zip": "ZIP",

	"imagestream":   "ImageStream",
	"kraft":         "KRaft",
	"loadbalancer":  "LoadBalancer",
	"nodeport":      "NodePort",
	"opentelemetry": "OpenTelemetry",
	"sha512sum":     "SHA512Sum",
	"tlsroute":      "TLSRoute",
}

var wordPattern = regexp.MustCompile(`[A-Z]+[a-z0-9]*|[a-z0-9]+`)

// goName returns the exported Go name of a JSON name or enum value.
func goName(s string) string {
	var b strings.Builder
	for _, w := range wordPattern.FindAllString(s, -1) {
		if known, ok := words[strings.ToLower(w)]; ok {
			b.WriteString(known)
			continue
		}
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	name := b.String()
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "X" + name
	}
	return name
}

// pathName returns the Go name of the type at a path that nothing names.
func pathName(path string) string {
	var b strings.Builder
	segments := strings.Split(path, ".")
	for i, segment := range segments {
		if segment != "spec" || i == len(segments)-1 {
			b.WriteString(goName(segment))
		}
	}
	return b.String()
}

// lookup returns the value whose key fits the path best: the path itself, or
// "*." and the longest end of it.
func lookup[V any](table map[string]V, path string) (key string, value V, ok bool) {
	if v, ok := table[path]; ok {
		return path, v, true
	}
	for rest := path; ; {
		i := strings.IndexByte(rest, '.')
		if i < 0 {
			return "", value, false
		}
		rest = rest[i+1:]
		if v, ok := table["*."+rest]; ok {
			return "*." + rest, v, true
		}
	}
}
