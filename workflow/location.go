package workflow

import (
	"maps"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// Secret names one value in a Secret of the run's namespace.
type Secret struct {
	// Name is the name of the Secret, Key that of the value in it. Both are
	// required.
	Name, Key string
}

// selector renders the reference, or nothing for the zero Secret.
func (s Secret) selector(c *check, field string) *corev1.SecretKeySelector {
	if s == (Secret{}) {
		return nil
	}
	c.keyOf(field, s.Name, s.Key, "Secret")
	return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: s.Name}, Key: s.Key}
}

// keyOf checks a reference to a value in a Secret or ConfigMap.
func (c *check) keyOf(field, name, key, kind string) {
	switch {
	case name == "":
		c.Required(field+".Name", "name the "+kind)
	case !strings.Contains(name, "{{"):
		c.Name(field+".Name", name)
	}
	if key == "" {
		c.Required(field+".Key", "name the value in the "+kind)
	}
}

// required reports an empty field of a location.
func (c *check) required(field, value, fix string) {
	if value == "" {
		c.Required(field, fix)
	}
}

// both reports one credential without the other.
func (c *check) both(first, second string, a, b *corev1.SecretKeySelector) {
	switch {
	case a == nil && b != nil:
		c.Required(first, "it goes with "+second)
	case a != nil && b == nil:
		c.Required(second, "it goes with "+first)
	}
}

// oneLogin reports a key beside the SDK's credentials: one of them is ignored.
func (c *check) oneLogin(field, name string, key *corev1.SecretKeySelector, sdk bool) {
	if key != nil && sdk {
		c.Conflict(field+".SDKCredentials", "Argo takes either these or "+name, "leave one of them")
	}
}

// RepositoryKey is the key of an artifact in the artifact repository, whose
// bucket and credentials the cluster's operators configure.
//
// Rendered as s3.key. Argo reads nothing but the key from it: the repository
// may be of another kind.
type RepositoryKey string

// locate implements Location.
func (k RepositoryKey) locate(c *check, field string, a *wfv1.Artifact) {
	c.required(field, string(k), "give the artifact a key, or no From for the key that Argo makes")
	a.S3 = &wfv1.S3Artifact{Key: string(k)}
}

// Content is an input whose content is the text itself.
//
// Rendered as raw.data. Argo puts the values of references in as text.
type Content string

// locate implements Location.
func (t Content) locate(_ *check, _ string, a *wfv1.Artifact) {
	a.Raw = &wfv1.RawArtifact{Data: string(t)}
}

// HTTPFile is what is read from an address by GET, or written to it by PUT.
//
// Rendered as http. OAuth and client certificates are in Base.Auth.
type HTTPFile struct {
	// URL is the address. Required.
	URL string
	// Headers are sent with the request. They stand in the manifest as text:
	// credentials go into User and Password. Nil means none.
	//
	// Rendered as headers.
	Headers map[string]string
	// User and Password are those of basic authentication. Zero sends none.
	User, Password Secret
	// Base holds what has no field of its own here.
	Base wfv1.HTTPArtifact
}

// locate implements Location.
func (l HTTPFile) locate(c *check, field string, a *wfv1.Artifact) {
	fields := &wfv1.HTTPArtifact{URL: l.URL}
	for _, name := range slices.Sorted(maps.Keys(l.Headers)) {
		fields.Headers = append(fields.Headers, wfv1.Header{Name: name, Value: l.Headers[name]})
	}
	basic := wfv1.BasicAuth{UsernameSecret: l.User.selector(c, field+".User"), PasswordSecret: l.Password.selector(c, field+".Password")}
	if basic != (wfv1.BasicAuth{}) {
		fields.Auth = &wfv1.HTTPAuth{BasicAuth: basic}
	}
	a.HTTP = joined(c, field, &l.Base, fields)
	c.required(field+".URL", a.HTTP.URL, "say where the artifact is")
	if auth := a.HTTP.Auth; auth != nil {
		c.both(field+".User", field+".Password", auth.BasicAuth.UsernameSecret, auth.BasicAuth.PasswordSecret)
	}
}

// Artifactory is a file in JFrog Artifactory.
//
// Rendered as artifactory.
type Artifactory struct {
	// URL is the address of the file. Required.
	URL string
	// User and Password are the credentials. Required: Argo takes a place
	// without them for the artifact repository.
	User, Password Secret
	// Base holds what has no field of its own here.
	Base wfv1.ArtifactoryArtifact
}

// locate implements Location.
func (l Artifactory) locate(c *check, field string, a *wfv1.Artifact) {
	a.Artifactory = joined(c, field, &l.Base, &wfv1.ArtifactoryArtifact{
		URL: l.URL,
		ArtifactoryAuth: wfv1.ArtifactoryAuth{
			UsernameSecret: l.User.selector(c, field+".User"),
			PasswordSecret: l.Password.selector(c, field+".Password"),
		},
	})
	c.required(field+".URL", a.Artifactory.URL, "say where the artifact is")
	if a.Artifactory.UsernameSecret == nil {
		c.Required(field+".User", "without it Argo uses the artifact repository in the place of the URL")
	}
	if a.Artifactory.PasswordSecret == nil {
		c.Required(field+".Password", "name the Secret that holds it")
	}
}

// Git is a checkout of a git repository. It is for inputs only.
//
// Rendered as git. What weakens the checks of hosts and certificates is in
// Base.
type Git struct {
	// Repo is the address of the repository. Required.
	Repo string
	// Revision is the commit, tag or branch. Empty means the default branch,
	// as it is when the step runs.
	Revision string
	// Branch fetches only that branch. Empty fetches all.
	//
	// Rendered as branch, and singleBranch.
	Branch string
	// Depth is how many commits are fetched. Zero means all of them.
	Depth int
	// Fetch are further refs to fetch before the checkout. Nil means none.
	//
	// Rendered as fetch.
	Fetch []string
	// NoSubmodules leaves the submodules out. False fetches them.
	//
	// Rendered as disableSubmodules.
	NoSubmodules bool
	// User and Password are the credentials for HTTPS, SSHKey is the private
	// key for SSH. Zero means a public repository.
	User, Password, SSHKey Secret
	// Base holds what has no field of its own here.
	Base wfv1.GitArtifact
}

// locate implements Location.
func (l Git) locate(c *check, field string, a *wfv1.Artifact) {
	fields := &wfv1.GitArtifact{
		Repo: l.Repo, Revision: l.Revision, Fetch: l.Fetch, DisableSubmodules: l.NoSubmodules,
		Branch: l.Branch, SingleBranch: l.Branch != "",
		UsernameSecret:      l.User.selector(c, field+".User"),
		PasswordSecret:      l.Password.selector(c, field+".Password"),
		SSHPrivateKeySecret: l.SSHKey.selector(c, field+".SSHKey"),
	}
	switch {
	case l.Depth < 0:
		c.Invalid(field+".Depth", l.Depth, "it is a number of commits", "leave it zero for all of them")
	case l.Depth > 0:
		fields.Depth = new(uint64(l.Depth))
	}
	a.Git = joined(c, field, &l.Base, fields)
	c.required(field+".Repo", a.Git.Repo, "say which repository it is")
	if a.Git.SingleBranch && a.Git.Branch == "" {
		c.Required(field+".Branch", "say which branch is the single one")
	}
}
