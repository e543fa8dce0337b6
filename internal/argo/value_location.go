package argo

import (
	"path"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
)

// location checks where an artifact is kept. Most are kept in the repository
// of the cluster, and say at most their key.
func (f *fields) location(field string, l *wfv1.ArtifactLocation, whole bool) {
	var kinds []string
	add := func(set bool, name string) {
		if set {
			kinds = append(kinds, name)
		}
	}
	add(l.S3 != nil, "s3")
	add(l.GCS != nil, "gcs")
	add(l.OSS != nil, "oss")
	add(l.Azure != nil, "azure")
	add(l.Git != nil, "git")
	add(l.HTTP != nil, "http")
	add(l.HDFS != nil, "hdfs")
	add(l.Artifactory != nil, "artifactory")
	add(l.Raw != nil, "raw")
	if len(kinds) > 1 {
		f.report(RuleVolume, field, "keep one of them", "it is in several places: %s", strings.Join(kinds, ", "))
	}
	if len(kinds) > 0 {
		f.objects(field, l)
		f.places(field, l, whole)
	}
}

// objects checks S3 and its likes. Argo takes the repository instead of a
// location that isn't complete.
func (f *fields) objects(field string, l *wfv1.ArtifactLocation) {
	const detail = "it is not set: Argo then takes the place of the artifact repository, not %s"
	half := func(path, missing, set string) {
		if missing == "" && set != "" {
			f.report(RulePlace, path, "set it, or leave the whole place to the artifact repository", detail, shown(set))
		}
	}
	if s := l.S3; s != nil {
		half(field+".s3.endpoint", s.Endpoint, s.Bucket)
		half(field+".s3.bucket", s.Bucket, s.Endpoint)
		f.pair(field+".s3", s.AccessKeySecret, s.SecretKeySecret)
		if e := s.EncryptionOptions; e != nil && e.ServerSideCustomerKeySecret != nil && e.KmsKeyId != "" {
			f.report(RuleVolume, field+".s3.encryptionOptions.kmsKeyId", "keep one of the two", "it is set beside serverSideCustomerKeySecret")
		}
	}
	if o := l.OSS; o != nil {
		half(field+".oss.endpoint", o.Endpoint, o.Bucket)
		half(field+".oss.bucket", o.Bucket, o.Endpoint)
		if !o.UseSDKCreds {
			f.pair(field+".oss", o.AccessKeySecret, o.SecretKeySecret)
		}
	}
	if a := l.Azure; a != nil {
		half(field+".azure.endpoint", a.Endpoint, a.Container)
		half(field+".azure.container", a.Container, a.Endpoint)
	}
}

// pair checks that the secret key comes with the access key: on one alone
// Argo's executor panics.
func (f *fields) pair(field string, access, secret *corev1.SecretKeySelector) {
	if access != nil && access.Name != "" && secret == nil {
		f.report(RuleVolume, field+".secretKeySecret", "set it beside accessKeySecret", "it is not set, on which the executor panics")
	}
}

// places checks what is no bucket. A whole place is one that Argo validates.
func (f *fields) places(field string, l *wfv1.ArtifactLocation, whole bool) {
	need := func(path, value, what string) {
		if value == "" {
			f.report(RuleVolume, path, "say "+what, "it is not set")
		}
	}
	if l.Git != nil {
		need(field+".git.repo", l.Git.Repo, "which repository")
	}
	if l.HTTP != nil {
		need(field+".http.url", l.HTTP.URL, "which address")
	}
	if a := l.Artifactory; a != nil {
		need(field+".artifactory.url", a.URL, "which address")
		if a.UsernameSecret != nil && a.PasswordSecret == nil {
			f.report(RuleVolume, field+".artifactory.passwordSecret", "set it beside usernameSecret", "it is not set, on which the executor panics")
		}
	}
	if l.HDFS != nil && (whole || len(l.HDFS.Addresses) > 0) {
		f.hdfs(field+".hdfs", l.HDFS)
	}
}

// hdfs checks a whole place in HDFS. In outputs and arguments it may be the
// path alone, in the file system of the repository.
// Source: Argo Workflows v3.7.14, workflow/artifacts/hdfs/hdfs.go.
func (f *fields) hdfs(field string, h *wfv1.HDFSArtifact) {
	need := func(name string, set bool) {
		if !set {
			f.report(RuleVolume, field+name, "set it", "it is not set")
		}
	}
	need(".addresses", len(h.Addresses) > 0)
	need(".path", h.Path != "")
	if h.Path != "" && !path.IsAbs(h.Path) && !hasTag(h.Path) {
		f.report(RuleVolume, field+".path", "begin it with '/'", "%s is no absolute path", shown(h.Path))
	}
	cache, keytab := h.KrbCCacheSecret != nil, h.KrbKeytabSecret != nil
	need(".hdfsUser", h.HDFSUser != "" || cache || keytab)
	if cache || keytab {
		need(".krbServicePrincipalName", h.KrbServicePrincipalName != "")
		need(".krbConfigConfigMap", h.KrbConfigConfigMap != nil)
	}
	if keytab {
		need(".krbUsername", h.KrbUsername != "")
		need(".krbRealm", h.KrbRealm != "")
	}
}

// keyless reports a bucket without a key. An input has nothing to load then,
// and an output goes into the repository's bucket.
func (f *fields) keyless(field string, a *wfv1.ArtifactLocation) {
	bucket, at := "", ""
	switch {
	case a.S3 != nil && a.S3.Key == "":
		bucket, at = a.S3.Bucket, ".s3.key"
	case a.GCS != nil && a.GCS.Key == "":
		bucket, at = a.GCS.Bucket, ".gcs.key"
	case a.OSS != nil && a.OSS.Key == "":
		bucket, at = a.OSS.Bucket, ".oss.key"
	case a.Azure != nil && a.Azure.Blob == "":
		bucket, at = a.Azure.Container, ".azure.blob"
	}
	if bucket != "" {
		f.report(RuleVolume, field+at, "name the object", "it is not set: Argo then takes no notice of the bucket %s", shown(bucket))
	}
}
