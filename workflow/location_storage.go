package workflow

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// S3 is an object, or all that lies below a key, in a bucket of S3 or what
// speaks its protocol.
//
// Rendered as s3.
type S3 struct {
	// Endpoint is the host of the service, such as "s3.amazonaws.com".
	// Required: Argo takes a bucket without it for that of the artifact
	// repository, whatever its name. See RepositoryKey.
	Endpoint string
	// Bucket and Key say where the object lies. Required.
	Bucket, Key string
	// Region is the region of the bucket. Empty has the service asked.
	Region string
	// Insecure speaks HTTP without TLS.
	Insecure bool
	// AccessKey and SecretKey are the credentials. Zero means those that
	// RoleARN or SDKCredentials names, and without them the node's role.
	AccessKey, SecretKey Secret
	// RoleARN is a role to assume. It excludes AccessKey. Empty means none.
	//
	// Rendered as roleARN.
	RoleARN string
	// SDKCredentials takes the credentials as AWS's SDK finds them: from the pod's
	// service account. It excludes AccessKey. False doesn't look for any.
	//
	// Rendered as useSDKCreds.
	SDKCredentials bool
	// Base holds what has no field of its own here.
	Base wfv1.S3Artifact
}

// locate implements Location.
func (l S3) locate(c *check, field string, a *wfv1.Artifact) {
	fields := &wfv1.S3Artifact{Key: l.Key, S3Bucket: wfv1.S3Bucket{
		Endpoint: l.Endpoint, Bucket: l.Bucket, Region: l.Region, RoleARN: l.RoleARN, UseSDKCreds: l.SDKCredentials,
		AccessKeySecret: l.AccessKey.selector(c, field+".AccessKey"),
		SecretKeySecret: l.SecretKey.selector(c, field+".SecretKey"),
	}}
	if l.Insecure {
		fields.Insecure = new(true)
	}
	a.S3 = joined(c, field, &l.Base, fields)
	c.required(field+".Endpoint", a.S3.Endpoint, "name the host: without it Argo uses the artifact repository's bucket")
	c.required(field+".Bucket", a.S3.Bucket, "name the bucket")
	c.required(field+".Key", a.S3.Key, "say where in the bucket the artifact is")
	c.both(field+".AccessKey", field+".SecretKey", a.S3.AccessKeySecret, a.S3.SecretKeySecret)
	if a.S3.AccessKeySecret != nil && a.S3.RoleARN != "" {
		c.Conflict(field+".RoleARN", "Argo ignores it beside AccessKey", "leave one of them")
	}
	c.oneLogin(field, "AccessKey", a.S3.AccessKeySecret, a.S3.UseSDKCreds)
}

// GCS is an object, or all that lies below a key, in a bucket of Google Cloud
// Storage.
//
// Rendered as gcs.
type GCS struct {
	// Bucket and Key say where the object lies. Required.
	Bucket, Key string
	// ServiceAccountKey is the key of a service account. Zero means the pod's
	// own rights, by Workload Identity.
	ServiceAccountKey Secret
	// Base holds what has no field of its own here.
	Base wfv1.GCSArtifact
}

// locate implements Location.
func (l GCS) locate(c *check, field string, a *wfv1.Artifact) {
	a.GCS = joined(c, field, &l.Base, &wfv1.GCSArtifact{Key: l.Key, GCSBucket: wfv1.GCSBucket{
		Bucket: l.Bucket, ServiceAccountKeySecret: l.ServiceAccountKey.selector(c, field+".ServiceAccountKey"),
	}})
	c.required(field+".Bucket", a.GCS.Bucket, "name the bucket; for that of the artifact repository there is RepositoryKey")
	c.required(field+".Key", a.GCS.Key, "say where in the bucket the artifact is")
}

// Azure is a blob, or all that lies below its name, in Azure Blob Storage.
//
// Rendered as azure.
type Azure struct {
	// Endpoint is the address of the storage account:
	// "https://ACCOUNT.blob.core.windows.net". Required.
	Endpoint string
	// Container and Blob say where the blob lies. Required.
	Container, Blob string
	// AccountKey is the key of the account, or a SAS token. Required, unless
	// SDKCredentials is set.
	AccountKey Secret
	// SDKCredentials takes the credentials as Azure's SDK finds them, such as
	// those of the pod's identity. It excludes AccountKey. False takes AccountKey.
	//
	// Rendered as useSDKCreds.
	SDKCredentials bool
	// Base holds what has no field of its own here.
	Base wfv1.AzureArtifact
}

// locate implements Location.
func (l Azure) locate(c *check, field string, a *wfv1.Artifact) {
	a.Azure = joined(c, field, &l.Base, &wfv1.AzureArtifact{Blob: l.Blob, AzureBlobContainer: wfv1.AzureBlobContainer{
		Endpoint: l.Endpoint, Container: l.Container, UseSDKCreds: l.SDKCredentials,
		AccountKeySecret: l.AccountKey.selector(c, field+".AccountKey"),
	}})
	c.required(field+".Endpoint", a.Azure.Endpoint, "name the storage account's address")
	c.required(field+".Container", a.Azure.Container, "name the container")
	c.required(field+".Blob", a.Azure.Blob, "say where in the container the artifact is")
	c.oneLogin(field, "AccountKey", a.Azure.AccountKeySecret, a.Azure.UseSDKCreds)
	if a.Azure.AccountKeySecret == nil && !a.Azure.UseSDKCreds {
		c.Required(field+".AccountKey", "name the Secret that holds it, or set SDKCredentials")
	}
}

// OSS is an object, or all that lies below a key, in Alibaba Cloud's Object
// Storage Service.
//
// Rendered as oss.
type OSS struct {
	// Endpoint is the address of the service, Bucket and Key say where the
	// object lies. All are required.
	Endpoint, Bucket, Key string
	// AccessKey and SecretKey are the credentials. Zero means those that
	// SDKCredentials finds, and without it none: the bucket is public.
	AccessKey, SecretKey Secret
	// SDKCredentials takes the credentials as the SDK finds them, such as those of
	// the pod's identity. It excludes AccessKey. False doesn't look for any.
	//
	// Rendered as useSDKCreds.
	SDKCredentials bool
	// Base holds what has no field of its own here.
	Base wfv1.OSSArtifact
}

// locate implements Location.
func (l OSS) locate(c *check, field string, a *wfv1.Artifact) {
	a.OSS = joined(c, field, &l.Base, &wfv1.OSSArtifact{Key: l.Key, OSSBucket: wfv1.OSSBucket{
		Endpoint: l.Endpoint, Bucket: l.Bucket, UseSDKCreds: l.SDKCredentials,
		AccessKeySecret: l.AccessKey.selector(c, field+".AccessKey"),
		SecretKeySecret: l.SecretKey.selector(c, field+".SecretKey"),
	}})
	c.required(field+".Endpoint", a.OSS.Endpoint, "name the service's address: without it Argo uses the artifact repository's bucket")
	c.required(field+".Bucket", a.OSS.Bucket, "name the bucket")
	c.required(field+".Key", a.OSS.Key, "say where in the bucket the artifact is")
	c.both(field+".AccessKey", field+".SecretKey", a.OSS.AccessKeySecret, a.OSS.SecretKeySecret)
	c.oneLogin(field, "AccessKey", a.OSS.AccessKeySecret, a.OSS.UseSDKCreds)
}

// HDFS is a file in HDFS.
//
// Rendered as hdfs. Kerberos is in Base.
type HDFS struct {
	// Addresses are the name nodes, with their ports. Required.
	Addresses []string
	// Path is the file: an absolute path. Required.
	Path string
	// User is who reads and writes, where there is no Kerberos. Empty where
	// Kerberos says it.
	//
	// Rendered as hdfsUser.
	User string
	// Force overwrites a file that is there. False fails then.
	//
	// Rendered as force.
	Force bool
	// Base holds what has no field of its own here.
	Base wfv1.HDFSArtifact
}

// locate implements Location.
func (l HDFS) locate(c *check, field string, a *wfv1.Artifact) {
	a.HDFS = joined(c, field, &l.Base, &wfv1.HDFSArtifact{
		Path: l.Path, Force: l.Force,
		HDFSConfig: wfv1.HDFSConfig{Addresses: l.Addresses, HDFSUser: l.User},
	})
	out := a.HDFS
	if len(out.Addresses) == 0 {
		c.Required(field+".Addresses", "name the name nodes")
	}
	switch {
	case out.Path == "":
		c.Required(field+".Path", "say which file it is")
	case !strings.HasPrefix(out.Path, "/") && !strings.HasPrefix(out.Path, "{{"):
		c.Invalid(field+".Path", out.Path, "Argo refuses relative paths", "begin it with '/'")
	}
	keytab, cache := out.KrbKeytabSecret != nil, out.KrbCCacheSecret != nil
	if out.HDFSUser == "" && !keytab && !cache {
		c.Required(field+".User", "name the user, or a keytab or ccache of Kerberos in Base")
	}
	if keytab || cache {
		c.required(field+".Base.KrbServicePrincipalName", out.KrbServicePrincipalName, "Kerberos needs it")
		if out.KrbConfigConfigMap == nil {
			c.Required(field+".Base.KrbConfigConfigMap", "Kerberos needs its configuration")
		}
	}
	if keytab {
		c.required(field+".Base.KrbUsername", out.KrbUsername, "it goes with the keytab")
		c.required(field+".Base.KrbRealm", out.KrbRealm, "it goes with the keytab")
	}
}
