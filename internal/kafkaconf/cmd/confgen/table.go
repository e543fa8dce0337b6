package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// table collects the settings of all versions.
type table struct {
	versions []string
	// lines are what is said about keys, and the versions that say so in each
	// scope.
	lines map[line]map[string]string
}

// line is what the table says about a key, but for where that holds.
type line struct{ key, rest string }

// columns are those of Dump.java.
const columns = 7

func (t *table) add(version, dump string) error {
	if t.lines == nil {
		t.lines = map[line]map[string]string{}
	}
	letter := string(rune('a' + len(t.versions)))
	t.versions = append(t.versions, version)
	for text := range strings.Lines(dump) {
		f := strings.Split(strings.TrimSuffix(text, "\n"), "\t")
		if len(f) != columns {
			return fmt.Errorf("not a setting: %q", text)
		}
		check, err := checks(f[4])
		if err != nil {
			return fmt.Errorf("%s %s: %w", f[0], f[1], err)
		}
		l := line{f[1], strings.Join([]string{f[2], f[3], check, strings.TrimSpace(f[5] + " " + f[6])}, "\t")}
		if t.lines[l] == nil {
			t.lines[l] = map[string]string{}
		}
		t.lines[l][f[0]] += letter
	}
	return nil
}

// ported are the validators that Dump.java doesn't know, by the end of their
// class and what they say of themselves, and what the table has for them.
var ported = map[string]string{
	`LambdaValidator [1,...,9] or -1`:                                    "range 1 9 -1",
	`LambdaValidator [0,...]`:                                            "range 0 _",
	`LambdaValidator Positive number, or -1 to use the broker's default`: "range 1 _ -1",
	`LambdaValidator Positive number not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default`: "range 1 _ -1",
	`LambdaValidator [eager, compatible, sessioned]`:                                                                           "fold EAGER|COMPATIBLE|SESSIONED",
	`LambdaValidator unique transformation aliases`:                                                                            "unique",
	`LambdaValidator unique predicate aliases`:                                                                                 "unique",
	`LambdaValidator unique topic creation groups`:                                                                             "unique",
	`AutoOffsetResetStrategy$Validator [latest, earliest, none, by_duration:PnDTnHnMn.nS]`:                                     "reset",
	`ShareAcknowledgementMode$Validator [implicit, explicit]`:                                                                  "in implicit|explicit",
	`ShareAcquireMode$Validator [batch_optimized, record_limit]`:                                                               "fold BATCH_OPTIMIZED|RECORD_LIMIT",
	`ThrottledReplicaListValidator [partitionId]:[brokerId],[partitionId]:[brokerId],...`:                                      "throttled",
	`RestServerConfig$ListenersValidator List of comma-separated URLs, ex: http://localhost:8080,https://localhost:8443.`:      "urls",
	`RestServerConfig$AdminListenersValidator List of comma-separated URLs, ex: http://localhost:8080,https://localhost:8443.`: "blanks",
}

// unported are the validators that the package leaves to Kafka.
var unported = []string{
	"LambdaValidator A list of one or more MAC algorithms", "LambdaValidator Any KeyGenerator algorithm", "LambdaValidator Any MAC algorithm",
	"ConnectorConfig$PluginVersionValidator ", "RestServerConfig$ResponseHttpHeadersValidator ", "RegexValidator ",
	"ConcreteSubClassValidator ", "InstantiableClassValidator ",
	"QuorumConfig$ControllerQuorumBootstrapServersValidator ", "QuorumConfig$ControllerQuorumVotersValidator ",
}

// checks turns the checks of a setting into those of the table.
func checks(dump string) (string, error) {
	var out []string
	if dump == "" {
		return "", nil
	}
	for one := range strings.SplitSeq(dump, " & ") {
		rest, isClass := strings.CutPrefix(one, "class:")
		if isClass {
			var err error
			if one, err = class(rest); err != nil {
				return "", err
			}
		}
		if f := strings.Fields(one); len(f) > 2 && f[0] == "list" {
			one = list(f)
		}
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return strings.Join(out, " & "), nil
}

func class(name string) (string, error) {
	for is, check := range ported {
		if strings.HasSuffix(name, "."+is) || strings.HasSuffix(name, "$"+is) {
			return check, nil
		}
	}
	if slices.ContainsFunc(unported, func(is string) bool { return strings.Contains(name, is) }) {
		return "unported", nil
	}
	return "", fmt.Errorf("nobody knows the validator %s: port it, or say that it isn't", name)
}

// list writes a check of lists, which begins with whether a list may be empty
// and whether it may be null.
func list(f []string) string {
	kind := map[string]string{"empty": "list", "some": "some"}[f[1]]
	return strings.TrimSpace(kind + " " + strings.Join(f[3:], " "))
}

// String writes the table: a line of the versions, then a line for each key
// and what some versions say of it in some scopes.
func (t *table) String() string {
	var b strings.Builder
	b.WriteString("#\t" + strings.Join(t.versions, "\t") + "\n")
	for _, l := range slices.SortedFunc(maps.Keys(t.lines), func(a, b line) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(t.where(a), t.where(b)))
	}) {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", l.key, t.where(l), l.rest)
	}
	return b.String()
}

// where lists the scopes of a line, and the versions in each.
func (t *table) where(l line) string {
	var out []string
	for _, scope := range slices.Sorted(maps.Keys(t.lines[l])) {
		out = append(out, scope+":"+t.lines[l][scope])
	}
	return strings.Join(out, " ")
}
