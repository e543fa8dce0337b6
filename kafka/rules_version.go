package kafka

import (
	"cmp"
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// checkVersion asks for the API version that operators still serve, and for a
// Kafka that they run.
func checkVersion(pass *millrace.Pass) {
	raw := cmp.Or(pass.Raw, pass.Object)
	gvk := raw.GetObjectKind().GroupVersionKind()
	if gvk.Group == strimziv1.GroupVersion.Group && gvk.Version != strimziv1.GroupVersion.Version {
		reportOldVersion(pass, raw)
	}
	faultRule(versionRule)(pass)
}

// reportOldVersion reports an object of a version that nobody serves, and each
// field that would be lost if it were only called v1.
func reportOldVersion(pass *millrace.Pass, raw millrace.Object) {
	gvk := raw.GetObjectKind().GroupVersionKind()
	kind, ok := kindUpgrades()[gvk.Kind]
	if !ok || kind.as != "" {
		pass.Suggest("kind", fmt.Sprintf("%s has no kind %s", strimziv1.GroupVersion, gvk.Kind), instead(gvk.Kind))
		return
	}
	pass.Report("apiVersion", fmt.Sprintf("%s is gone since Strimzi 1.0", gvk.GroupVersion()))
	tree, err := copyTree(raw)
	if err != nil {
		return // what JSON can't hold is reported elsewhere
	}
	delete(tree, "status") // the operator's own
	unknownFields(tree, kind.object(), func(_ map[string]any, _, path string) {
		pass.Suggest(path, fmt.Sprintf("%s has no such field, and drops it without an error", strimziv1.GroupVersion), "kafka.Upgrade says what takes its place")
	})
}

// instead says what to do with a kind that is no more.
func instead(kind string) string {
	switch kind {
	case "KafkaMirrorMaker":
		return "use a KafkaMirrorMaker2; kafka.Upgrade proposes one"
	case "KafkaConnectS2I":
		return "use a KafkaConnect; kafka.Upgrade makes one"
	}
	return "remove it"
}
