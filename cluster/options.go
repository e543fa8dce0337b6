package cluster

import (
	"time"
)

// Option configures a client. FieldOwner and Namespace are options.
type Option interface {
	KubeconfigOption
	applyToClient(*settings)
}

// KubeconfigOption configures a client that is made from a kubeconfig: every
// Option, and KubeContext.
type KubeconfigOption interface {
	applyToKubeconfig(*kubeconfig)
}

type settings struct {
	owner, namespace string
}

type kubeconfig struct {
	settings
	context string
}

// FieldOwner names who owns the fields that the client applies, as the API
// server records it in metadata.managedFields. Give every service its own:
// that is how the server tells their changes apart.
//
// Empty means "millrace". At most 128 printable characters.
type FieldOwner string

func (o FieldOwner) applyToClient(s *settings)       { s.owner = string(o) }
func (o FieldOwner) applyToKubeconfig(k *kubeconfig) { k.owner = string(o) }

// defaultOwner is the FieldOwner of clients that are given none.
const defaultOwner = FieldOwner("millrace")

// Namespace is where namespaced objects go whose builder leaves the namespace
// to the context. Without it such an object is an error, except for clients
// made by FromKubeconfig, which take the namespace of the kubeconfig's context.
type Namespace string

func (n Namespace) applyToClient(s *settings)       { s.namespace = string(n) }
func (n Namespace) applyToKubeconfig(k *kubeconfig) { k.namespace = string(n) }

// KubeContext picks a context of the kubeconfig. Empty means its current one.
type KubeContext string

func (c KubeContext) applyToKubeconfig(k *kubeconfig) { k.context = string(c) }

// SubmitOption configures one call of Submit.
type SubmitOption interface {
	applyToSubmit(*submission)
}

// Ownership says what Submit does about fields that someone else owns.
type Ownership bool

// ForceOwnership lets Submit take over fields that belong to other owners,
// which is what moving objects from kubectl or Helm to millrace needs, once.
// Without it such a field is a *ConflictError.
const ForceOwnership Ownership = true

func (o Ownership) applyToSubmit(s *submission) { s.force = bool(o) }

// WaitOption configures one call of Wait.
type WaitOption interface {
	applyToWait(*waitOptions)
}

type waitOptions struct {
	patience  time.Duration
	keepGoing bool
	sinks     []func(Event)
}

// Patience is how long an object may say that it is failing while its operator
// goes on trying: a topic during a rolling restart of the brokers, a node pool
// whose node class is not there yet. Failures that are final end the wait at
// once, whatever the patience.
//
// Zero means 5 minutes. Negative means not at all.
type Patience time.Duration

// defaultPatience covers two rounds of Strimzi's periodic reconciliation,
// which is every 2 minutes, and some time to work.
const defaultPatience = 5 * time.Minute

func (p Patience) applyToWait(o *waitOptions) {
	if p != 0 {
		o.patience = max(0, time.Duration(p))
	}
}

// Thoroughness says whether Wait ends with the first failure.
type Thoroughness bool

// KeepGoing makes Wait go on after a failure until every object has come to
// its end, and return all failures together, as errors.Join does.
const KeepGoing Thoroughness = true

func (t Thoroughness) applyToWait(o *waitOptions) { o.keepGoing = bool(t) }
