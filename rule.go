package millrace

// Rule is one thing that must hold for an object. The rules of a noun lie
// beside it (spark.Rules, kafka.Rules, …), package policy puts them together,
// and programs add their own.
type Rule struct {
	// ID is stable: reports print it and waivers name it. It reads
	// "<noun>/<what>", in lower case with dashes: "kafka/topic-replicas".
	ID string
	// Severity is what breaking the rule means.
	Severity Severity
	// Summary says what must hold, in one sentence.
	Summary string
	// Reason says what happens otherwise.
	Reason string
	// Fix says what to do, and is printed with every finding of the rule.
	Fix string
	// Source says where the rule comes from.
	Source string
	// Check looks at one object and reports what breaks the rule. It is
	// called for every object of a bundle, and for objects that are embedded
	// in others, such as the manifest in a workflow's task; it passes over
	// kinds that are not its own. It must not change anything.
	Check func(*Pass)
}

// Pass is one call of one rule on one object.
type Pass struct {
	// Object is what to check, as its typed struct where millrace knows its
	// kind.
	Object Object
	// Raw is Object as it was loaded or composed: what its typed struct has no
	// field for is only there. Nil means that it is Object.
	Raw Object
	// Inside says that Object lies in another one, such as a manifest in a
	// workflow's task. References in its texts may be that one's.
	Inside bool
	// Bundle is the whole composition, for rules that look at more than one
	// object. It is never nil. Its Nodes are also those of the NodePools that
	// were loaded.
	Bundle *Bundle
	// Pods are the pods that Object makes.
	Pods []Pod
	// BundlePods are the pods of all objects of the bundle, those of manifests
	// inside of workflows among them, for rules about their sum.
	BundlePods []Pod
	// Shared is what all calls of one check have in common. Once reads and
	// fills it; keys are of the rules' own types.
	Shared map[any]any
	// Report takes what is wrong: the path of the field in the manifest, as
	// in "spec.driver.memory", and the detail in one sentence.
	Report func(field, detail string)
	// ReportFix is Report with a fix in the place of the rule's; see Suggest.
	ReportFix func(field, detail, fix string)
}

// Suggest reports what is wrong and what to do about it there, where the fix
// of the rule would say too little.
func (p *Pass) Suggest(field, detail, fix string) {
	if p.ReportFix == nil {
		p.Report(field, detail+"; "+fix)
		return
	}
	p.ReportFix(field, detail, fix)
}

// Once returns what f returned the first time that it was called for the key in
// this check, so that a rule can make an index of the bundle once and not for
// every object. As with the keys of a context, the key is best a value of an
// unexported type of the rule's package.
func (p *Pass) Once(key any, f func() any) any {
	v, ok := p.Shared[key]
	if !ok {
		if p.Shared == nil {
			p.Shared = make(map[any]any)
		}
		v = f()
		p.Shared[key] = v
	}
	return v
}
