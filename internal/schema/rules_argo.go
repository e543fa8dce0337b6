package schema

import "strings"

var (
	artifactLocations = []string{"s3", "git", "http", "artifactory", "hdfs", "raw", "oss", "gcs", "azure", "plugin"}
	templateTypes     = []string{"container", "script", "dag", "steps", "resource", "suspend", "containerSet", "data", "http", "plugin"}
)

// atMostOne is the rule that no two of the fields stand beside each other.
func atMostOne(names []string) func(any) bool {
	return func(v any) bool {
		n := 0
		for _, name := range names {
			if has(v, name) {
				n++
			}
		}
		return n <= 1
	}
}

// argoRules are those of release 4, see Argo4.
var argoRules = []rule{
	{
		ID: "argo/artifact-location", Digest: "e32e9acf9492",
		Detail: "has more than one location", Fix: "keep one of " + strings.Join(artifactLocations, ", "),
		holds: atMostOne(artifactLocations),
	},
	{
		ID: "argo/realtime-gauge", Digest: "dd3bb9f02a84",
		Detail: "is a real-time gauge of resourcesDuration, which is known at the end only", Fix: "take realtime out, or measure something else",
		holds: func(v any) bool {
			m, _ := v.(map[string]any)
			return m["realtime"] != true || !strings.Contains(text(v, "value"), "resourcesDuration.")
		},
	},
	{
		ID: "argo/depends-or-dependencies", Digest: "ad5c84ec1848",
		Detail: "has both depends and dependencies", Fix: "keep depends",
		holds: atMostOne([]string{"depends", "dependencies"}),
	},
	{
		ID: "argo/depends-continue-on", Digest: "78667ef1c821",
		Detail: "has continueOn beside depends", Fix: "say it in depends: (a.Succeeded || a.Failed)",
		holds: atMostOne([]string{"depends", "continueOn"}),
	},
	{
		ID: "argo/task-digit", Digest: "2f41cff97bfb",
		Detail: "has a name that begins with a digit, and waits for other tasks", Fix: "begin the name with a letter",
		holds: func(v any) bool {
			name := text(v, "name")
			return !hasAny(v, "depends", "dependencies") || name == "" || name[0] < '0' || name[0] > '9'
		},
	},
	{
		ID: "argo/sequence-end", Digest: "7452a63b3b9d",
		Detail: "has both count and end", Fix: "keep one of them",
		holds: atMostOne([]string{"count", "end"}),
	},
	{
		ID: "argo/resource-manifest", Digest: "0d508c1836fd",
		Detail: "has both manifest and manifestFrom", Fix: "keep one of them",
		holds: atMostOne([]string{"manifest", "manifestFrom"}),
	},
	{
		ID: "argo/template-type", Digest: "eca931ccb61d",
		Detail: "has a template of more than one type", Fix: "keep one of " + strings.Join(templateTypes, ", ") + " in each",
		holds: all(atMostOne(templateTypes)),
	},
	{
		ID: "argo/timeout-leaf", Digest: "d2b0e0bbdd19",
		Detail: "has a template of steps or a DAG with a timeout", Fix: "give the timeout to the templates that they run, or set activeDeadlineSeconds of the workflow",
		holds: not(exists(func(t any) bool { return text(t, "timeout") != "" && hasAny(t, "steps", "dag") })),
	},
	{
		ID: "argo/deadline-leaf", Digest: "0d9ec258465a",
		Detail: "has a template of steps or a DAG with activeDeadlineSeconds", Fix: "give it to the templates that they run, or to the workflow",
		holds: not(exists(func(t any) bool { return has(t, "activeDeadlineSeconds") && hasAny(t, "steps", "dag") })),
	},
}
