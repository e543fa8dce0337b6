package kafka

import (
	"fmt"
	"slices"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	windowRule = "kafka/maintenance-window"
	windowPath = "spec.maintenanceTimeWindows"

	// reconciliation is how often the operator looks at a cluster by itself.
	// Source: Strimzi, STRIMZI_FULL_RECONCILIATION_INTERVAL_MS.
	reconciliation = 2 * time.Minute
)

// windows are the maintenance windows of a cluster.
type windows []string

func (w windows) make(m *making) {
	m.fields.MaintenanceTimeWindows = slices.Clone(w)
	if m.cluster.Base.MaintenanceTimeWindows == nil {
		m.origins.add(windowPath, "MaintenanceWindows")
	}
}

// windows adds those that are none, or never come.
// Source: Strimzi, Util.isMaintenanceTimeWindowsSatisfied: the first one that
// is none ends the search.
func (f *faults) windows(expressions []string) {
	for i, expression := range expressions {
		at := f.below(windowRule, fmt.Sprintf("%s[%d]", windowPath, i))
		q, why := parseQuartz(expression)
		if why != "" {
			at.invalid("", expression, why, `use one such as "* * 0-1 ? * SUN": Sundays from midnight to two o'clock, in UTC; an expression that is none also rules out those after it`)
			continue
		}
		if _, ok := longestGap([]quartz{q}); !ok {
			at.invalid("", expression, "there is no such day, or none any more", "choose a day that comes")
		}
	}
}

// checkWindows reports, beside the faults, windows that the operator would miss
// or that come too rarely.
func checkWindows(pass *millrace.Pass, k *strimziv1.Kafka) {
	if len(k.Spec.MaintenanceTimeWindows) == 0 {
		return
	}
	var open []quartz
	for i, expression := range k.Spec.MaintenanceTimeWindows {
		q, why := parseQuartz(expression)
		if why != "" {
			return
		}
		if run := q.run(); run < reconciliation {
			pass.Suggest(fmt.Sprintf("%s[%d]", windowPath, i), fmt.Sprintf("%q is open for %s at a time, and the operator looks every %s", expression, run, reconciliation),
				`say which hours it is, with * for seconds and minutes: "* * 0-1 ? * SUN"`)
		}
		open = append(open, q)
	}
	gap, ok := longestGap(open)
	if !ok {
		return
	}
	if !slices.ContainsFunc(open, func(q quartz) bool { return q.years == nil }) {
		pass.Suggest(windowPath, "the years of all windows end, and no certificate is renewed after them", "leave the year of one out")
	}
	for _, ca := range [...]struct {
		path string
		of   *strimziv1.CertificateAuthority
	}{{"spec.clusterCa", k.Spec.ClusterCA}, {"spec.clientsCa", k.Spec.ClientsCA}} {
		renewal := int64(strimziRenewalDays)
		if ca.of != nil && ca.of.RenewalDays != nil {
			renewal = *ca.of.RenewalDays
		}
		if int64(gap) > renewal {
			pass.Suggest(windowPath, fmt.Sprintf("there are up to %d days from one window to the next, and certificates of %s are renewed in the last %d before they end", gap, ca.path, renewal),
				"add a window, or raise renewalDays of the authority")
			return
		}
	}
}
