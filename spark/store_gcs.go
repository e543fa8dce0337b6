package spark

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// GCS is Google Cloud Storage. There can be one of it, as its client has no
// settings for single buckets.
//
// The client is "com.google.cloud.bigdataoss:gcs-connector", hadoop3-2.2.25
// or 3.0.4 and later, in its shaded form in the image: the one in
// Deps.Packages would bring other versions of what Spark itself uses.
// Source: GCS connector, CONFIGURATION.md; the classes of 2.2.25 and 3.0.4.
type GCS struct {
	// Project is the project in which buckets are listed and made.
	//
	// Zero has none, as reading and writing need none. Rendered as
	// fs.gs.project.id.
	Project string
	// Credentials are the identity: GoogleIdentity or KeyFile.
	//
	// Nil means GoogleIdentity.
	Credentials GoogleCredentials
	// Impersonate is the service account of Google whose rights the identity
	// takes over: "etl@project.iam.gserviceaccount.com".
	//
	// Zero takes over none. Rendered as
	// fs.gs.auth.impersonation.service.account.
	Impersonate string
	// ManifestCommitter writes files under names that the job's end makes
	// known all at once, where renaming a directory is not one step, as in
	// this store. Tables of Iceberg, Delta and Hudi don't need it.
	//
	// Spark 4.0 and later. It needs
	// "org.apache.spark:spark-hadoop-cloud_2.13:4.0.0", in the version of
	// Spark, which official images don't have.
	//
	// Rendered as mapreduce.outputcommitter.factory.scheme.gs in
	// spec.hadoopConf, and as spark.sql.sources.commitProtocolClass and
	// spark.sql.parquet.output.committer.class in spec.sparkConf.
	// Source: Hadoop, manifest committer.
	ManifestCommitter bool
}

// GoogleCredentials are the identity by which a job comes to Google's stores:
// GoogleIdentity or KeyFile.
type GoogleCredentials interface {
	checkGoogle(c partCheck)
	settingsGoogle(s *settings)
	podGoogle(pod *podParts)
}

// GoogleIdentity is the identity of the job's service account (Workload
// Identity Federation for GKE), or else that of the node.
//
// Rendered as fs.gs.auth.type=APPLICATION_DEFAULT, which versions 2.2 of the
// client don't know: they do the same by themselves.
type GoogleIdentity struct{}

// KeyFile is the key of a service account of Google, from a secret. It doesn't
// expire by itself, so where there is Workload Identity, use that.
//
// Rendered as a volume at /etc/gcs-key in the pod templates of driver and
// executors, as fs.gs.auth.type and fs.gs.auth.service.account.json.keyfile,
// and as the variable GOOGLE_APPLICATION_CREDENTIALS for other libraries.
type KeyFile struct {
	// Secret is the name of the secret. Required.
	Secret string
	// Key is the key in the secret that holds the file.
	//
	// Zero means key.json.
	Key string
}

const (
	keyFileVolume  = "gcs-key"
	keyFileDir     = "/etc/gcs-key"
	defaultKeyFile = "key.json"
	googleVariable = "GOOGLE_APPLICATION_CREDENTIALS"
)

func (GCS) place() string { return "Google Cloud Storage" }

func (g GCS) credentials() GoogleCredentials {
	if notAValue(g.Credentials) {
		return GoogleIdentity{}
	}
	return g.Credentials
}

func (g GCS) check(c partCheck) {
	c.text("Project", g.Project, "data-platform-prod")
	if !reportPointer(c.Problems, c.field("Credentials"), g.Credentials) {
		g.credentials().checkGoogle(c)
	}
	if g.Impersonate != "" && g.Impersonate != filling && (!strings.Contains(g.Impersonate, "@") || strings.ContainsAny(g.Impersonate, " \t\r\n,")) {
		c.Invalid(c.field("Impersonate"), g.Impersonate, "not the address of a service account", "write it as name@project.iam.gserviceaccount.com")
	}
	if g.ManifestCommitter {
		c.since("ManifestCommitter", manifestSince)
	}
}

func (g GCS) settings(s *settings) {
	s.hadoop("", "fs.gs.impl", "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFileSystem")
	s.hadoop("", "fs.AbstractFileSystem.gs.impl", "com.google.cloud.hadoop.fs.gcs.GoogleHadoopFS")
	s.textHadoop("Project", "fs.gs.project.id", g.Project)
	s.textHadoop("Impersonate", "fs.gs.auth.impersonation.service.account", g.Impersonate)
	g.credentials().settingsGoogle(s)
	if g.ManifestCommitter {
		s.committer("ManifestCommitter", "gs", manifestFactory)
	}
}

func (g GCS) pod(_ role, pod *podParts) { g.credentials().podGoogle(pod) }

func (GoogleIdentity) checkGoogle(partCheck) {}

func (GoogleIdentity) settingsGoogle(s *settings) {
	s.hadoop("Credentials", "fs.gs.auth.type", "APPLICATION_DEFAULT")
}

func (GoogleIdentity) podGoogle(*podParts) {}

func (k KeyFile) checkGoogle(c partCheck) {
	k.Key = first(k.Key, defaultKeyFile)
	c.secret("Credentials", "Secret", SecretKey{k.Secret, k.Key})
	for _, r := range roles {
		c.volume(r, k.volume())
	}
}

func (k KeyFile) settingsGoogle(s *settings) {
	s.hadoop("Credentials", "fs.gs.auth.type", "SERVICE_ACCOUNT_JSON_KEYFILE")
	s.hadoop("Credentials", "fs.gs.auth.service.account.json.keyfile", k.path())
}

func (k KeyFile) podGoogle(pod *podParts) {
	pod.volumes = append(slices.Clip(pod.volumes), k.volume())
	pod.variable(googleVariable, k.path())
}

func (k KeyFile) path() string { return path.Join(keyFileDir, first(k.Key, defaultKeyFile)) }

func (k KeyFile) volume() Volume {
	return Volume{
		Name: keyFileVolume, Path: keyFileDir, ReadOnly: true,
		Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: k.Secret}},
	}
}
