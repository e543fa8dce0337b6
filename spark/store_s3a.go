package spark

import (
	"regexp"
	"strings"

	"github.com/millrace/millrace"
)

// S3A is Amazon S3, or a store that speaks its protocol (MinIO, Ceph).
//
// The client is "org.apache.hadoop:hadoop-aws", in the version of the Hadoop
// that Spark comes with: see Store.
// Source: hadoop-aws; core-default.xml of Hadoop 3.3.4 and 3.4.1.
type S3A struct {
	// Bucket restricts the store to one bucket. What it leaves out is as the
	// Store says that is about all buckets, but for the credentials.
	//
	// Zero means all buckets.
	//
	// Rendered as fs.s3a.bucket.<bucket>. in place of fs.s3a. in
	// spec.hadoopConf.
	Bucket string
	// Region is where the bucket is: "eu-central-1".
	//
	// Zero lets the client find it out. Spark 3.3 and later.
	//
	// Rendered as fs.s3a.endpoint.region.
	Region string
	// Endpoint is the host or URL of the store: "https://minio.storage:9000".
	//
	// Zero is Amazon's own. With http:// nothing is encrypted on its way.
	//
	// Rendered as fs.s3a.endpoint, and fs.s3a.connection.ssl.enabled with
	// http://.
	Endpoint string
	// PathStyle puts the bucket into the path, for stores where it can't be a
	// part of the host's name. MinIO and Ceph need it as a rule.
	//
	// Rendered as fs.s3a.path.style.access.
	PathStyle bool
	// Credentials are the identity: WebIdentity, PodIdentity,
	// InstanceProfile, AccessKeys, AssumedRole, Anonymous or
	// CredentialsClass.
	//
	// Nil means WebIdentity. The client's own default is none of these: it
	// looks for keys and then takes the role of the node.
	//
	// Rendered as fs.s3a.aws.credentials.provider.
	Credentials AWSCredentials
	// MagicCommitter writes files by uploads that the job's end completes,
	// in place of renaming them, which is a copy in this store and can break
	// off half way. Tables of Iceberg, Delta and Hudi don't need it.
	//
	// It needs "org.apache.spark:spark-hadoop-cloud_2.12:3.5.1", in the
	// version of Spark, which official images don't have, and it can't
	// overwrite partitions dynamically.
	//
	// Rendered as fs.s3a.committer.name, fs.s3a.committer.magic.enabled and
	// mapreduce.outputcommitter.factory.scheme.s3a in spec.hadoopConf, and as
	// spark.sql.sources.commitProtocolClass and
	// spark.sql.parquet.output.committer.class in spec.sparkConf.
	// Source: hadoop-aws, committers; Spark, cloud integration.
	MagicCommitter bool
	// Encryption is what the store is asked to encrypt files with.
	//
	// Zero is the bucket's own.
	Encryption S3Encryption
	// Upload is how files are written.
	Upload S3Upload
	// Connections is how many requests one executor may have open.
	//
	// Zero means the client's own: 96 with Spark 3.4 and 3.5, 500 with Spark 4.
	//
	// Rendered as fs.s3a.connection.maximum.
	Connections int32
}

// S3Encryption is what the store is asked to encrypt files with.
type S3Encryption struct {
	// Algorithm is SSES3, SSEKMS or DSSEKMS.
	//
	// Rendered as fs.s3a.encryption.algorithm, before Spark 3.3 as
	// fs.s3a.server-side-encryption-algorithm.
	Algorithm S3Algorithm
	// Key is the ARN of the key in KMS.
	//
	// Zero means the account's own key. It needs SSEKMS or DSSEKMS.
	//
	// Rendered as fs.s3a.encryption.key, before Spark 3.3 as
	// fs.s3a.server-side-encryption.key.
	Key string
}

// S3Algorithm is how the store encrypts files.
type S3Algorithm string

// The encryptions of S3 that need no key at the client.
const (
	SSES3   S3Algorithm = "AES256"
	SSEKMS  S3Algorithm = "SSE-KMS"
	DSSEKMS S3Algorithm = "DSSE-KMS" // Spark 4.0 and later
)

// S3Upload is how files are written: in parts, which are collected before they
// are sent.
type S3Upload struct {
	// Buffer is where parts are collected: on "disk", in an "array" of the
	// heap or a "bytebuffer" outside of it.
	//
	// Zero means disk, and there Spark's local directories, which are the
	// executors' scratch volumes. The client's own default is /tmp on the
	// node's root disk.
	//
	// Rendered as fs.s3a.fast.upload.buffer.
	Buffer string
	// Parts is how many parts of one file may be collected or on their way.
	//
	// Zero means the client's 4. At least 1.
	//
	// Rendered as fs.s3a.fast.upload.active.blocks.
	Parts int32
	// PartSize is the size of a part.
	//
	// Zero means the client's 64 MiB. From 5 MiB, in whole MiB.
	//
	// Rendered as fs.s3a.multipart.size.
	PartSize millrace.Bytes
}

const (
	regionSince  = "3.3"
	dsseSince    = "4.0"
	minPartSize  = 5 * millrace.MiB
	s3aCommitter = "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory"
	// localDirs are Spark's local directories, by the variable in which Spark
	// names them to driver and executors, and the client's own default where
	// that is missing.
	// Source: apache/spark, LocalDirsFeatureStep; core-default.xml.
	localDirs = "${env.SPARK_LOCAL_DIRS:-${hadoop.tmp.dir}/s3a}"
)

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]+$`)
)

func (s S3A) place() string {
	if s.Bucket == "" {
		return "all buckets of S3"
	}
	return "the bucket " + s.Bucket + " of S3"
}

// key returns the name of a setting, for the bucket or for all.
func (s S3A) key(name string) string {
	if s.Bucket != "" {
		return "fs.s3a.bucket." + s.Bucket + "." + name
	}
	return "fs.s3a." + name
}

// credentials returns the identity, with the default.
func (s S3A) credentials() AWSCredentials {
	if notAValue(s.Credentials) {
		return WebIdentity{}
	}
	return s.Credentials
}

func (s S3A) check(c partCheck) {
	if s.Bucket != "" && s.Bucket != filling && !bucketName.MatchString(s.Bucket) {
		c.Invalid(c.field("Bucket"), s.Bucket, "not a bucket's name", "use lower-case letters, digits, '-' and '.', without s3a://")
	}
	if s.Region != "" {
		c.since("Region", regionSince)
		if !regionName.MatchString(s.Region) {
			c.Invalid(c.field("Region"), s.Region, "not a region", "write it as eu-central-1")
		}
	}
	c.host("Endpoint", s.Endpoint, "https://minio.storage:9000")
	if !reportPointer(c.Problems, c.field("Credentials"), s.Credentials) {
		s.credentials().checkAWS(c, "Credentials")
	}
	if mode, at := c.job.said(keyOverwriteMode); s.MagicCommitter && lower(mode) == "dynamic" {
		c.Conflict(at, "the magic committer can't overwrite partitions dynamically, and Spark refuses to write", "leave one of the two out")
	}
	s.Encryption.check(c)
	c.counts(countField{"Upload.Parts", s.Upload.Parts}, countField{"Connections", s.Connections})
	switch s.Upload.Buffer {
	case "", "disk", "array", "bytebuffer":
	default:
		c.Invalid(c.field("Upload.Buffer"), s.Upload.Buffer, "no kind of buffer", "use disk, array or bytebuffer")
	}
	if size := s.Upload.PartSize; size != 0 {
		checkSize(c.Problems, c.field("Upload.PartSize"), size, minPartSize)
	}
}

func (e S3Encryption) check(c partCheck) {
	switch e.Algorithm {
	case "":
		if e.Key != "" {
			c.Required(c.field("Encryption.Algorithm"), "say spark.SSEKMS, or leave the key out")
		}
	case SSES3:
		if e.Key != "" {
			c.Conflict(c.field("Encryption.Key"), "SSES3 has no key of yours", "use spark.SSEKMS")
		}
	case DSSEKMS:
		c.since("Encryption.Algorithm", dsseSince)
	case SSEKMS:
	default:
		c.Invalid(c.field("Encryption.Algorithm"), string(e.Algorithm), "no encryption of S3", "use spark.SSES3, SSEKMS or DSSEKMS")
	}
	c.text("Encryption.Key", e.Key, "arn:aws:kms:eu-central-1:123456789012:key/…")
}

func (s S3A) settings(to *settings) {
	to.textHadoop("Region", s.key("endpoint.region"), s.Region)
	to.textHadoop("Endpoint", s.key("endpoint"), s.Endpoint)
	if strings.HasPrefix(s.Endpoint, "http://") {
		to.hadoop("Endpoint", s.key("connection.ssl.enabled"), "false")
	}
	if s.PathStyle {
		to.hadoop("PathStyle", s.key("path.style.access"), "true")
	}
	s.credentials().settingsAWS(to, s)
	if s.MagicCommitter {
		to.hadoop("MagicCommitter", s.key("committer.name"), "magic")
		to.hadoop("MagicCommitter", s.key("committer.magic.enabled"), "true")
		to.committer("MagicCommitter", "s3a", s3aCommitter)
	}
	algorithm, key := "encryption.algorithm", "encryption.key"
	if !to.version.atLeast(regionSince) {
		algorithm, key = "server-side-encryption-algorithm", "server-side-encryption.key"
	}
	to.textHadoop("Encryption.Algorithm", s.key(algorithm), string(s.Encryption.Algorithm))
	to.textHadoop("Encryption.Key", s.key(key), s.Encryption.Key)
	to.textHadoop("Upload.Buffer", s.key("fast.upload.buffer"), s.Upload.Buffer)
	if s.Upload.Buffer == "" || s.Upload.Buffer == "disk" {
		to.fallback(hadoopPrefix+s.key("buffer.dir"), localDirs)
	}
	to.count("Upload.Parts", hadoopPrefix+s.key("fast.upload.active.blocks"), s.Upload.Parts)
	to.size("Upload.PartSize", hadoopPrefix+s.key("multipart.size"), s.Upload.PartSize)
	to.count("Connections", hadoopPrefix+s.key("connection.maximum"), s.Connections)
}

func (s S3A) pod(r role, pod *podParts) { s.credentials().podAWS(r, pod, s) }

// textHadoop writes one of Hadoop's settings; empty writes nothing.
func (s *settings) textHadoop(field, key, value string) { s.text(field, hadoopPrefix+key, value) }
