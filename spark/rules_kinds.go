package spark

import (
	"slices"

	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark/apachev1"
)

// inOwnFields has a check report at the fields of the object itself, where it
// names those of the application that it reads.
func inOwnFields(check func(*millrace.Pass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		switch pass.Object.(type) {
		case *apachev1.SparkApplication, *v1alpha1.SparkConnect:
		case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication, *apachev1.SparkCluster:
			check(pass)
			return
		default:
			return
		}
		own := *pass
		own.Report = func(field, detail string) { pass.Report(ownField(pass.Object, field), detail) }
		own.ReportFix = func(field, detail, fix string) { pass.Suggest(ownField(pass.Object, field), detail, fix) }
		check(&own)
	}
}

// viewKey is the key of what all rules read of an object.
type viewKey struct{ millrace.Object }

// applicationOf returns the application of a pass, once for all rules.
func applicationOf(pass *millrace.Pass) (application, bool) {
	a, _ := pass.Once(viewKey{pass.Object}, func() any {
		a, _ := applicationIn(pass.Object)
		return a
	}).(application)
	return a, a.SparkApplicationSpec != nil
}

// rule makes a check of one spec into a Check that passes over other kinds.
func rule(check func(application, func(field, detail string))) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if app, ok := applicationOf(pass); ok {
			check(app, pass.Report)
		}
	}
}

// confRule is a rule on settings, which holds for those of a SparkCluster too:
// its master and its workers read them.
func confRule(check func(application, func(field, detail string))) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if c, ok := pass.Object.(*apachev1.SparkCluster); ok && c != nil {
			spec := deref(c.Spec)
			check(application{&v1beta2.SparkApplicationSpec{SparkVersion: spec.RuntimeVersions.SparkVersion, SparkConf: spec.SparkConf}, "spec"}, pass.Report)
			return
		}
		rule(check)(pass)
	}
}

// podRule makes a check of the pods of some roles into a Check. It is given the
// path of the role's fields.
func podRule(check func(p millrace.Pod, at string, report func(field, detail string)), roles ...role) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		app, ok := applicationOf(pass)
		if !ok {
			return
		}
		for _, p := range podsOf(pass) {
			if r := roleOf(p); slices.Contains(roles, r) {
				check(p, app.path(string(r)), pass.Report)
			}
		}
	}
}

// podsOf returns the pods of a pass.
func podsOf(pass *millrace.Pass) []millrace.Pod {
	if pass.Pods != nil {
		return pass.Pods
	}
	return Pods(pass.Object)
}

// kubeflowOnly passes over what Apache's operator runs, which makes the pods
// itself, of settings that Kubeflow's has fields for; and over SparkConnects,
// which nobody submits.
func kubeflowOnly(check func(*millrace.Pass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		switch pass.Object.(type) {
		case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication:
			check(pass)
		}
	}
}

// endingOnly passes over SparkConnects, which are no jobs.
func endingOnly(check func(*millrace.Pass)) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if !connected(pass) {
			check(pass)
		}
	}
}

// connected reports whether a pass is over a SparkConnect.
func connected(pass *millrace.Pass) bool {
	_, ok := pass.Object.(*v1alpha1.SparkConnect)
	return ok
}
