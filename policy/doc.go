// Package policy checks a composition against what production asks for.
//
//	report := policy.Production().
//		Waive("kafka/plain-listener", "only the metrics sidecar uses it").
//		Check(bundle)
//	report.WriteText(os.Stderr)
//	if err := report.Err(); err != nil {
//		return err
//	}
//
// A Profile is a set of rules. Production holds all rules of the nouns, which
// lie beside them (spark.Rules, kafka.Rules, workflow.Rules, nodepool.Rules),
// this package's own, which look across nouns, and what the API server checks;
// Schema holds that alone, and Development leaves out what one machine can't
// follow. Only, With and Waive change them, and an object waives a rule for
// itself by an annotation, see WaiveAnnotation. Existing names what the cluster
// has beside the bundle, for the rules that look for what a name stands for.
//
// Each rule has a stable id, a severity, a reason, a fix and a source; they are
// listed in docs/rules.md. Findings of severity error lose work or data or
// can't run; warnings work until something ordinary happens.
//
// Rules look at typed objects wherever they stand: a SparkApplication in the
// manifest of a workflow's task is checked as one of its own is, and its
// findings name the path of the manifest.
//
// Files:
//
//	profile.go        profiles: which rules, and what they are told
//	waive.go          waivers
//	check.go          one check: objects, what is embedded in them, rules
//	subject.go        what is checked; typed.go and pods.go read it
//	schema.go         what the API server checks; filled_in.go, argo4.go
//	scene.go          what the rules across nouns share
//	rules*.go         those rules, one file for a concern, and what each needs:
//	                  placement_*.go, quota_*.go, reference_*.go
//	report.go         what comes out; sarif.go
package policy
