package millrace

import (
	"fmt"
	"slices"
	"strings"
)

// Likelihood says how sure a Cause is.
type Likelihood int

const (
	// Possible means that it would explain what was seen, and so would other
	// causes.
	Possible Likelihood = iota
	// Likely means that what was seen is mostly seen with this cause.
	Likely
	// Certain means that something said so: the API server, the kubelet,
	// the operator, Spark.
	Certain
)

var likelihoodNames = [...]string{Possible: "possible", Likely: "likely", Certain: "certain"}

// String returns "possible", "likely" or "certain".
func (l Likelihood) String() string {
	if l < 0 || int(l) >= len(likelihoodNames) {
		return fmt.Sprintf("Likelihood(%d)", int(l))
	}
	return likelihoodNames[l]
}

// MarshalText writes the likelihood as its name, in JSON reports for one.
func (l Likelihood) MarshalText() ([]byte, error) {
	if l < 0 || int(l) >= len(likelihoodNames) {
		return nil, fmt.Errorf("millrace: no likelihood has the number %d", int(l))
	}
	return []byte(likelihoodNames[l]), nil
}

// UnmarshalText reads what MarshalText writes.
func (l *Likelihood) UnmarshalText(text []byte) error {
	i := slices.Index(likelihoodNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("millrace: %q is no likelihood: use possible, likely or certain", text)
	}
	*l = Likelihood(i)
	return nil
}

// Cause is one reason why something live fails, or does not get on: what
// happened, by what it was seen, and what to do about it.
//
// A Finding is about what was composed, before it runs; a Cause is about what
// runs or ran. Causes come in the order in which to look at them: root causes
// before what follows from them, the likely before the possible.
type Cause struct {
	// ID is the stable id of what happened: "spark/executor-oom". Match this,
	// not the prose.
	ID string `json:"id"`
	// Likelihood says how sure it is. Zero is Possible.
	Likelihood Likelihood `json:"likelihood"`
	// Object is what it happened to: of several the first. Empty where that
	// is not known.
	Object Ref `json:"object,omitzero"`
	// Detail says what happened, on one line.
	Detail string `json:"detail"`
	// Evidence is by what it was seen, each on one line that begins with
	// where: "Pod data/etl-exec-3: spark-kubernetes-executor terminated:
	// OOMKilled, exit code 137".
	Evidence []string `json:"evidence,omitempty"`
	// Fix says what to do, on one line.
	Fix string `json:"fix,omitempty"`
	// Follows is the ID of the cause that this one is a consequence of. Empty
	// for a root cause.
	Follows string `json:"follows,omitempty"`
}

// String returns the cause on one line, without its evidence:
// "object: detail; fix [id, likelihood]".
func (c Cause) String() string {
	var b strings.Builder
	if c.Object != (Ref{}) {
		b.WriteString(c.Object.String() + ": ")
	}
	b.WriteString(c.Detail)
	if c.Fix != "" {
		b.WriteString("; " + c.Fix)
	}
	fmt.Fprintf(&b, " [%s, %s", c.ID, c.Likelihood)
	if c.Follows != "" {
		b.WriteString(", follows from " + c.Follows)
	}
	b.WriteString("]")
	return b.String()
}
